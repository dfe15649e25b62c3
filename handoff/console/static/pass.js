// What the agent does with a case but answer it: pass it on, ask a colleague, be
// alone again, call the merchant back.

import { $, put, say } from './page.js'
import { desk } from './server.js'
import { holds, isLost, reads } from './states.js'
import { passTo } from './staff.js'

// paintPass offers what fits the chosen case; off is whether nothing may be done now.
export function paintPass (off) {
  const c = desk.talks.get(desk.chosen)?.case
  const alone = holds(c) && c.state === 'active'
  $('pass').hidden = !holds(c)
  $('pass-on').hidden = !alone
  $('resume').hidden = !(holds(c) && !alone) && !(isLost(c) && !c.cut) // of a call that was cut off the bar has it
  put($('resume'), say(isLost(c) ? 'pass.comeback' : 'pass.resume'))
  $('reading').hidden = !reads(c)
  put($('reading-of'), reads(c) ? say('pass.reads', c.owner) : '')
  const nobody = !passTo()
  for (const id of ['transfer', 'consult']) $(id).disabled = off || nobody
  $('consult').disabled ||= Boolean(passTo()?.team)
  for (const id of ['callback', 'resume', 'take-over', 'stop-reading']) $(id).disabled = off
}

// usePass has act(kind, body) do what is pressed.
export function usePass (act) {
  $('transfer').onclick = () => act('transfer', passTo())
  $('consult').onclick = () => act('consult', passTo())
  $('resume').onclick = () => act('resume')
  $('take-over').onclick = () => act('accept')
  $('stop-reading').onclick = () => act('decline')
  $('callback').onclick = () => {
    const minutes = Number($('call-in').value)
    act('callback', { until: new Date(Date.now() + desk.skew + minutes * 60000).toISOString() })
  }
}
