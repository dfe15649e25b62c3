// What the agent has not seen yet of each of their conversations. It is kept in
// the tab, so that a reload does not make old messages new.

import { desk } from './server.js'

const key = id => `${desk.agent}/${id}/seen`

// markSeen takes it that all of the chosen conversation was seen, if the page is.
export function markSeen () {
  const last = desk.talks.get(desk.chosen)?.messages.at(-1)?.seq
  if (last && !document.hidden) sessionStorage.setItem(key(desk.chosen), last)
}

// unread counts what the merchant has said since the agent looked.
export function unread (c) {
  const seen = Number(sessionStorage.getItem(key(c.id)) ?? 0)
  return (desk.talks.get(c.id)?.messages ?? []).filter(m => m.from === 'user' && m.seq > seen).length
}
