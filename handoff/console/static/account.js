// The keys of the desk on the account page.

import { defaults, loadKeys, saveKeys } from './keymap.js'

const form = document.getElementById('keys')
const agent = document.body.dataset.agent
const fields = [...form.querySelectorAll('[data-action]')]

function fill (keys) {
  for (const field of fields) field.value = keys[field.dataset.action]
}

// A key does one thing: one that is used twice is not saved.
form.oninput = () => {
  const used = fields.map(field => field.value.toLowerCase()).filter(Boolean)
  const twice = new Set(used).size < used.length
  document.getElementById('keys-twice').hidden = !twice
  document.getElementById('keys-saved').hidden = twice
  if (!twice) saveKeys(agent, Object.fromEntries(fields.map(field => [field.dataset.action, field.value.toLowerCase()])))
}
form.onreset = event => {
  event.preventDefault()
  fill(defaults)
  form.oninput()
}

for (const field of fields) field.onfocus = () => field.select() // the next key replaces it

fill(loadKeys(agent))
form.hidden = false
