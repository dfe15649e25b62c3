// What a language model writes for the agent: a summary to read, and a draft that
// is put into the empty message field and goes nowhere until the agent sends it.

import { $, say } from './page.js'
import { call, casePath, desk } from './server.js'

function tell (text) {
  $('assisted').textContent = text
  $('assisted').hidden = !text
}

async function ask (button, path, body, done) {
  const id = desk.chosen
  button.disabled = true
  tell(say('assist.wait'))
  try {
    const { text } = await call(casePath(id, path), body)
    if (desk.chosen === id) done(text)
  } catch {
    if (desk.chosen === id) tell(say('assist.failed'))
  } finally {
    button.disabled = false
  }
}

$('summarise').onclick = event => ask(event.target, '/summary', undefined, text => tell(say('assist.made', text)))

$('draft').onclick = event => ask(event.target, '/draft-reply', {}, text => {
  if ($('text').value.trim()) {
    tell(say('assist.made', text)) // what the agent has written is left alone
    return
  }
  $('text').value = text
  $('text').dispatchEvent(new Event('input'))
  $('text').focus()
  tell(say('assist.check'))
})

// Only the owner, who can write, is offered a draft, and of a reply alone.
function offer () { $('draft').hidden = $('write').hidden || $('write').dataset.mode === 'note' }
new MutationObserver(offer).observe($('write'), { attributes: true, attributeFilter: ['hidden', 'data-mode'] })
offer()

// What was written about one case is not shown beside another.
let shown = desk.chosen
document.addEventListener('click', () => {
  if (shown !== desk.chosen) tell('')
  shown = desk.chosen
})
