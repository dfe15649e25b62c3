// Says what the server found wrong with a form at the field that is at fault.

import { make, say } from './page.js'

let last = 0

// blame marks a field, says beside it what is wrong, and puts the cursor there.
export function blame (input, text) {
  const told = make('p', 'alert', text)
  told.id = 'fault-' + ++last
  told.setAttribute('role', 'alert')
  input.dataset.described ??= input.getAttribute('aria-describedby') ?? ''
  input.setAttribute('aria-invalid', 'true')
  input.setAttribute('aria-describedby', `${told.id} ${input.dataset.described}`.trim())
  const label = input.closest('label')
  ;(label ?? input).after(told)
  input.focus()
}

// forgive takes all marks in a form away.
export function forgive (form) {
  for (const told of form.querySelectorAll('[id^=fault-]')) told.remove()
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid')
    input.setAttribute('aria-describedby', input.dataset.described)
  }
}

// problem is what to tell of an error of the API.
export const problem = err => err.problem ? say('problem.' + err.problem) : say('act.failed')
