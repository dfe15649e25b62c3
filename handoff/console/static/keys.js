// Single keys outside of fields, and the palette of all that can be done.

import { $, make, say } from './page.js'
import { loadKeys } from './keymap.js'
import { desk } from './server.js'

let commands = {} // by action, functions
let open = () => {} // shows a case by its id

// useKeys says what each action does, and how a case is opened.
export function useKeys (all, choose) {
  commands = { ...all, help: openPalette }
  open = choose
}

const inField = node => node.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable], dialog')

document.addEventListener('keydown', event => {
  if (event.isComposing || event.repeat) return
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault()
    return openPalette()
  }
  // AltGr is Ctrl and Alt on some systems, and writes letters of its own.
  if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return
  const keys = loadKeys(desk.agent)
  const action = Object.keys(commands).find(name => keys[name] && keys[name] === event.key.toLowerCase())
  if (!action) return
  event.preventDefault()
  commands[action]()
})

function openPalette () {
  $('palette-words').value = ''
  paint()
  if (!$('palette').open) $('palette').showModal()
}

// paint lists the commands that fit the words, each with its key, then the cases.
function paint () {
  const words = $('palette-words').value.trim().toLowerCase()
  const keys = loadKeys(desk.agent)
  const rows = Object.keys(commands).filter(name => name !== 'help')
    .map(name => ({ label: say('key.' + name), key: keys[name], run: commands[name] }))
  for (const c of [...desk.mine, ...desk.approval, ...desk.waiting]) rows.push({ label: c.goal || c.reason, run: () => open(c.id) })
  $('palette-list').replaceChildren(...rows.filter(row => row.label && row.label.toLowerCase().includes(words)).map(item))
}

function item ({ label, key, run }) {
  const button = make('button', '', label)
  button.type = 'button'
  if (key) button.append(make('kbd', '', key.toUpperCase()))
  button.onclick = () => {
    $('palette').close()
    run()
  }
  const row = make('li')
  row.append(button)
  return row
}

$('palette-words').oninput = paint
$('palette').onkeydown = event => {
  const buttons = [...$('palette-list').querySelectorAll('button')]
  if (event.isComposing || !buttons.length) return
  const at = buttons.indexOf(document.activeElement)
  if (event.key === 'ArrowDown') buttons[Math.min(at + 1, buttons.length - 1)].focus()
  else if (event.key === 'ArrowUp') (buttons[at - 1] ?? $('palette-words')).focus()
  else if (event.key === 'Enter' && at < 0) buttons[0].click()
  else return
  event.preventDefault()
}
$('palette-open').onclick = openPalette
