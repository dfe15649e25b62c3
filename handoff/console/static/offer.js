// The card of what this agent is asked: an offer, a transfer or a consultation.

import { $, name, put, say } from './page.js'
import { call, casePath, desk, refresh } from './server.js'
import { asked } from './states.js'

// waitsFor are the cases whose answer is due, the most pressing first. One on which
// this agent is consulted is no longer asked about once it was opened.
export const waitsFor = () => desk.mine.filter(c => asked(c) && !(c.state === 'consult' && opened.has(c.id)))
  .sort((a, b) => Date.parse(a.until) - Date.parse(b.until))

const opened = new Set() // consultations
let open = () => {} // shows a case
let busy = false

// useOffers says how a case is shown once it was accepted.
export function useOffers (choose) { open = choose }

export function paintOffer () {
  const c = waitsFor()[0]
  $('offer').hidden = !c
  if (!c) return put($('offer-said'), '')
  const title = say('offer.' + c.state, c.owner)
  const about = [name('priority', c.priority), name('channel', c.channel), name('speaks', c.language), c.goal || c.reason].join(' · ')
  put($('offer-title'), title)
  put($('offer-about'), about)
  put($('offer-said'), `${title}: ${about}`)
  put($('accept'), say(c.state === 'consult' ? 'offer.read' : 'offer.accept'))
  const left = Math.round((Date.parse(c.until) - Date.now() - desk.skew) / 1000)
  put($('offer-left'), left > 0 ? say('offer.left', left) : '')
  $('accept').disabled = $('decline').disabled = busy
}

// respond accepts or declines what is on the card. Who is consulted does not take
// the case by opening it.
export async function respond (kind) {
  const c = waitsFor()[0]
  if (!c || busy) return
  if (kind === 'accept' && c.state === 'consult') {
    opened.add(c.id)
    return open(c.id)
  }
  busy = true
  paintOffer()
  let problem = ''
  try {
    await call(casePath(c.id, '/' + kind), {})
  } catch (err) {
    problem = err.status === 409 ? say('offer.gone') : say('act.failed')
  }
  busy = false
  if (kind === 'accept' && !problem) await open(c.id)
  else await refresh()
  $('told').textContent = problem
  $('told').hidden = !problem
}

$('accept').onclick = () => respond('accept')
$('decline').onclick = () => respond('decline')
