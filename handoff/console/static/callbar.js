// The bar of the agent's telephone: how the call about the chosen case stands, and
// what may be done with it.

import { $, put, say } from './page.js'
import { call, casePath, desk, link } from './server.js'
import { queued, stands } from './states.js'

const every = 1500 // ms between two looks at a case that is a call

// offered are the buttons of a state; a call that has ended may be made again.
const offered = {
  ringing: ['hangup'],
  'press-1': ['hangup'],
  joining: ['hangup'],
  calling: ['hangup'],
  connected: ['hold', 'hangup'],
  held: ['resume', 'hangup'],
  lost: ['call', 'type'],
  ending: []
}

let acting = false

// paint shows how the call stands to its agent, and why it has ended also when the
// case is in the queue again.
function paint (c, { state, callable, calls, most }) {
  const mine = c.owner === desk.agent
  $('callbar').hidden = mine ? !callable : !state
  put($('callbar-state'), state === 'calling' ? say('call.is.calling', calls + 1, most) : whyNot(c, state, calls, most))
  const left = state === 'lost' && c.cut ? Math.round((Date.parse(c.until) - Date.now() - desk.skew) / 1000) : 0
  put($('callbar-left'), left > 0 ? say('offer.left', left) : '')
  for (const button of document.querySelectorAll('[data-call]')) {
    button.hidden = !mine || !(offered[state] ?? ['call']).includes(button.dataset.call)
    button.disabled = acting || link() === 'stale'
  }
}

// whyNot says why a call has ended, or how it stands.
function whyNot (c, state, calls, most) {
  if (state !== 'unreached') return [say('call.is.' + (state || 'none')), state && queued(c) && say('call.kept')].filter(Boolean).join(' ')
  const how = say('call.how.' + (c.called?.at(-1)?.how ?? 'unknown'))
  return [say('call.is.unreached', how, calls, most), stands(c)].join(' ').trim()
}

async function look () {
  const c = desk.talks.get(desk.chosen)?.case
  const id = desk.chosen
  if (c?.channel !== 'voice') {
    $('callbar').hidden = true
    return
  }
  try {
    const how = await call(casePath(id, '/call'))
    if (desk.chosen === id) paint(c, how)
  } catch {
    $('callbar').hidden = true // agents have no telephones here, or the page says that it is stale
  }
}

// paths are where the buttons lead that are not called like their act.
const paths = { call: '/call', type: '/resume' }

async function act (kind) {
  if (acting) return
  acting = true
  try {
    await call(casePath(desk.chosen, paths[kind] ?? '/call/' + kind), { fence: desk.talks.get(desk.chosen).case.fence })
  } catch {
    // the next look shows how things are
  } finally {
    acting = false
    await look()
  }
}

for (const button of document.querySelectorAll('[data-call]')) button.onclick = () => act(button.dataset.call)
setInterval(() => { if (!document.hidden) look() }, every)
