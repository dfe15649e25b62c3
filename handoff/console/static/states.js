// Who may do what in which state. The server decides; this is what is offered.

import { name, say } from './page.js'
import { desk } from './server.js'

// worked tells whether the owner is there.
export const worked = c => ['active', 'transfer', 'consult'].includes(c?.state)

// holds tells whether this agent has the case and may write to the merchant.
export const holds = c => worked(c) && c.owner === desk.agent

// asked tells whether this agent is asked to take the case, or to read along.
export const asked = c => Boolean(c?.asked) && c.asked === desk.agent

// reads tells whether this agent is consulted, and may write notes.
export const reads = c => c?.state === 'consult' && asked(c)

// isLost tells whether the case goes back to the queue soon unless this agent
// comes back to it.
export const isLost = c => c?.state === 'grace' && c.owner === desk.agent

// owned tells whether somebody has the case.
export const owned = c => worked(c) || ['claimed', 'grace'].includes(c?.state)

// queued tells whether the case has no owner, so that anybody may take it.
export const queued = c => ['waiting', 'offered', 'callback', 'deferred'].includes(c?.state)

// ready tells whether "accept next" may take the case: it is not for somebody else,
// and not for later.
export const ready = c => c.state === 'waiting' || (c.state === 'offered' && asked(c))

export const clock = at => new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: 'short', timeStyle: 'short' })

// stands says in a few words how a case stands; '' if there is nothing to say.
export function stands (c) {
  if (['callback', 'deferred'].includes(c.state)) return say('stands.' + c.state, clock(c.until))
  if (['offered', 'transfer', 'consult'].includes(c.state)) return asked(c) ? '' : say('stands.' + c.state, c.asked)
  if (c.state === 'grace') return say('stands.grace')
  return c.state === 'claimed' ? name('state', c.state) : ''
}
