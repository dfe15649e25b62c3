// The bar of the agent's telephone: how the call about the chosen case stands, and
// what may be done with it.

import { $, put, say } from './page.js'
import { call, casePath, desk, link } from './server.js'

const every = 1500 // ms between two looks at a case that is a call

// offered are the buttons of a state; a call that has ended may be made again.
const offered = {
  ringing: ['hangup'],
  'press-1': ['hangup'],
  joining: ['hangup'],
  calling: ['hangup'],
  connected: ['hold', 'hangup'],
  held: ['resume', 'hangup'],
  lost: ['call'],
  ending: []
}

let acting = false

function paint (state, callable) {
  $('callbar').hidden = !callable
  put($('callbar-state'), say('call.is.' + (state || 'none')))
  for (const button of document.querySelectorAll('[data-call]')) {
    button.hidden = !(offered[state] ?? ['call']).includes(button.dataset.call)
    button.disabled = acting || link() === 'stale'
  }
}

async function look () {
  const c = desk.talks.get(desk.chosen)?.case
  const id = desk.chosen
  if (c?.channel !== 'voice' || c.owner !== desk.agent) {
    $('callbar').hidden = true
    return
  }
  try {
    const { state, callable } = await call(casePath(id, '/call'))
    if (desk.chosen === id) paint(state, callable)
  } catch {
    $('callbar').hidden = true // agents have no telephones here, or the page says that it is stale
  }
}

async function act (kind) {
  if (acting) return
  acting = true
  try {
    await call(casePath(desk.chosen, kind === 'call' ? '/call' : '/call/' + kind), { fence: desk.talks.get(desk.chosen).case.fence })
  } catch {
    // the next look shows how things are
  } finally {
    acting = false
    await look()
  }
}

for (const button of document.querySelectorAll('[data-call]')) button.onclick = () => act(button.dataset.call)
setInterval(() => { if (!document.hidden) look() }, every)
