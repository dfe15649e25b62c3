// What a supervisor does with a case on the board: take it over, give it to an agent
// or a team, say how urgent it is.

import { $, make, name, put, same, say } from './page.js'
import { call, casePath } from './server.js'

let chosen = null // the case that the dialog is about
let look = () => {}

// useSupervise offers agents and their teams, and has look called after a change.
export function useSupervise (agents, looks) {
  look = looks
  const teams = [...new Set(agents.flatMap(a => a.profile.teams ?? []))].sort()
  if (same($('reassign-to'), [agents, teams])) return
  const was = $('reassign-to').value
  const option = (value, label) => Object.assign(make('option', '', label), { value })
  $('reassign-to').replaceChildren(
    ...agents.map(a => option('agent ' + a.name, say('pass.agent', a.name, name('presence', a.presence || 'offline'), a.cases, a.profile.capacity))),
    ...teams.map(team => option('team ' + team, say('pass.team', team))))
  if ([...$('reassign-to').options].some(o => o.value === was)) $('reassign-to').value = was
}

// supervise asks what is to become of a case.
export function supervise (c) {
  chosen = c
  put($('supervise-title'), c.goal || c.reason)
  $('rank-as').value = c.priority
  $('supervise-told').hidden = true
  $('supervise').showModal()
}

// fault is why an act was refused.
const fault = err => {
  if (err.full) return say('board.full')
  if (err.status === 409) return say('board.stale', err.owner || say('queue.waiting'))
  return say('act.failed')
}

// act sends what a supervisor does under the fence that was seen: what has changed
// hands since is refused, and shown anew.
async function act (kind, c, body, done) {
  try {
    await call(casePath(c.id, '/' + kind), { fence: c.fence, ...body })
    $('supervise').close()
    put($('told'), done)
  } catch (err) {
    put($('supervise').open ? $('supervise-told') : $('told'), fault(err))
    $('supervise-told').hidden = !$('supervise').open
  }
  look()
}

// takeOver has the supervisor own a case, and opens it on the desk.
export async function takeOver (c) {
  try {
    await call(casePath(c.id, '/takeover'), { fence: c.fence })
    location.assign('/console/#' + c.id)
  } catch (err) {
    put($('told'), fault(err))
    look()
  }
}

$('reassign').onsubmit = event => {
  event.preventDefault()
  const [, kind, who] = $('reassign-to').value.match(/^(agent|team) (.*)$/s)
  act('reassign', chosen, { [kind]: who }, say('board.reassigned', who))
}

$('rank').onsubmit = event => {
  event.preventDefault()
  const priority = $('rank-as').value
  act('priority', chosen, { priority }, say('board.ranked', name('priority', priority)))
}

$('supervise-close').onclick = () => $('supervise').close()
