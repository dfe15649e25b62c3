// How long a merchant should wait for an agent at most, in minutes, and what is
// said of a wait: on time, due soon, late. A word stands beside every colour.

import { make, name, put } from './page.js'

const target = { urgent: 1, high: 3, normal: 10 }

// sla makes the badge of a waiting case; paintSLA keeps it right.
export function sla (c) {
  const badge = make('b', 'badge sla')
  badge.dataset.since = c.queued_at
  badge.dataset.minutes = target[c.priority] ?? target.normal
  return badge
}

// paintSLA judges by the server's clock: now is its time in ms.
export function paintSLA (now) {
  for (const badge of document.querySelectorAll('.sla')) {
    const used = (now - Date.parse(badge.dataset.since)) / 60000 / badge.dataset.minutes
    const state = used < 0.7 ? 'ok' : used < 1 ? 'soon' : 'late'
    if (badge.dataset.state !== state) badge.dataset.state = state
    put(badge, name('sla', state))
  }
}
