// What a case came to, asked of its agent once it has ended and never in the way.

import { $, put, say } from './page.js'
import { call, casePath } from './server.js'

let ended = '' // the case that is asked about

export function askCode (id) {
  if (!$('wrapup').querySelector('[value]')) return // the content has no codes
  ended = id
  put($('wrapup-of'), say('wrapup.title', id))
  put($('wrapup-told'), '')
  $('wrapup').hidden = false
}

$('wrapup').onsubmit = async event => {
  event.preventDefault()
  const id = ended
  try {
    await call(casePath(id, '/wrapup'), { code: event.submitter.value })
    if (id === ended) $('wrapup').hidden = true
  } catch (err) {
    if (id === ended) put($('wrapup-told'), say(err.status === 404 ? 'wrapup.late' : 'act.failed'))
  }
}
$('wrapup-later').onclick = () => { $('wrapup').hidden = true }
