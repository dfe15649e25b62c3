// The field to write in: a reply to the merchant, or a note to colleagues, which
// looks different and says so.

import { $, put, say } from './page.js'
import { draft, keepDraft, loadDraft } from './drafts.js'
import { desk } from './server.js'

let mode = 'reply'
const field = () => mode === 'note' ? 'note' : 'text'

// isNote tells for whom is being written.
export const isNote = () => mode === 'note'

// writeAs changes between reply and note; each keeps its own words.
export function writeAs (next) {
  mode = next
  paintMode()
  fill()
  $('text').focus()
}

export function paintMode () {
  $('write').dataset.mode = mode
  for (const button of $('modes').children) button.setAttribute('aria-pressed', button.dataset.mode === mode)
  const label = say(isNote() ? 'write.aside' : 'write.label')
  put($('text-label'), label)
  $('text').placeholder = label
  put($('send'), say(isNote() ? 'write.keep' : 'write.send'))
}

// fill shows what was begun in the chosen case.
export function fill () {
  const begun = draft(desk.chosen)[field()]
  if ($('text').value !== begun) $('text').value = begun
}

// replace puts a text into the field, in place of a "/" search or else behind what
// is there.
export function replace (text) {
  const typed = $('text').value
  $('text').value = !typed.trim() || typed.startsWith('/') ? text : typed + '\n' + text
  keepDraft(desk.chosen, field(), $('text').value)
  $('text').focus()
}

// onlyNotes leaves who is consulted no reply to write.
export function onlyNotes (only) {
  if (only && mode === 'reply') {
    mode = 'note'
    paintMode()
    fill()
  }
  $('modes').hidden = only
}

// openDraft begins in the chosen case, as a reply.
export async function openDraft () {
  const id = desk.chosen
  mode = 'reply'
  paintMode()
  fill()
  if (!id) return
  await loadDraft(id)
  if (desk.chosen === id && !$('text').value) fill()
}

$('text').oninput = () => keepDraft(desk.chosen, field(), $('text').value)
for (const button of $('modes').children) button.onclick = () => writeAs(button.dataset.mode)
