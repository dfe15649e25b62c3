// What is said of a wait, by how long a merchant should wait at most: on time, due
// soon, late. A word stands beside every colour.

import { make, name, put } from './page.js'

// sla makes the badge of a waiting case; paintSLA keeps it right.
export function sla (c) {
  const badge = make('b', 'badge sla')
  badge.dataset.since = c.since > c.queued_at ? c.since : c.queued_at
  badge.dataset.seconds = c.target_seconds
  return badge
}

// paintSLA judges by the server's clock: now is its time in ms.
export function paintSLA (now) {
  for (const badge of document.querySelectorAll('.sla')) {
    const used = (now - Date.parse(badge.dataset.since)) / 1000 / badge.dataset.seconds
    const state = used < 0.7 ? 'ok' : used < 1 ? 'soon' : 'late'
    if (badge.dataset.state !== state) badge.dataset.state = state
    put(badge, name('sla', state))
  }
}
