// A chat with one version of the content. The page keeps what was done in it;
// the server plays it from the beginning every time and keeps nothing.

import { $, bold, make, name, put, say } from './page.js'

const { version } = document.body.dataset
const kept = `preview/${version}` // so that a reload or another language loses nothing
const begin = { event: 'open' }

let chat = { channel: 'web', language: $('language').value, acts: [begin] }
let played = { turns: [], transcript: '' }
let shown = 0 // how many of the turns are in the log
let busy = false

// play sends the chat as it should become; grown tells that it only has new acts
// at its end. If it cannot become so, it stays as it is.
async function play (next, grown = false) {
  if (busy) return false
  busy = true
  tell('')
  paintControls()
  try {
    played = await ask(next)
    chat = next
    if (!grown) shown = 0
    sessionStorage.setItem(kept, JSON.stringify(chat))
    return true
  } catch (err) {
    tell(whyNot(err))
    return false
  } finally {
    busy = false
    paint()
  }
}

async function ask (body) {
  const response = await fetch(`/console/api/content/${encodeURIComponent(version)}/preview`, {
    method: 'POST', body: JSON.stringify(body), cache: 'no-store', signal: AbortSignal.timeout(10000)
  })
  if (response.status === 401) location.assign('/console/login')
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status })
  return answer
}

function whyNot ({ status, message }) {
  if (status === 404) return say('preview.gone')
  if (status === 400) return `${say('preview.refused')} (${message})`
  return say('act.failed')
}

const add = act => play({ ...chat, acts: [...chat.acts, act] }, true)
const again = () => play({ channel: $('channel').value, language: $('language').value, acts: [begin] })

function tell (text) {
  $('told').textContent = text
  $('told').hidden = !text
}

function paint () {
  const last = played.turns.at(-1)
  paintLog()
  $('at').replaceChildren(last?.at ? place(last.at) : say('preview.none'))
  put($('topic'), last?.topic || say('preview.none'))
  put($('case'), last?.case ? name('state', last.case) : say('preview.none'))
  $('ended').hidden = !last?.ended
  paintControls()
}

// paintLog adds the turns that are not shown yet, so that a screen reader says
// those only.
function paintLog () {
  const log = $('log')
  const { turns } = played
  if (!shown) log.replaceChildren()
  if (shown === turns.length) return
  for (const button of log.querySelectorAll('button')) {
    button.className = 'past'
    button.disabled = true
  }
  log.append(...turns.slice(shown).flatMap((turn, i) => turnItems(turn, shown + i)))
  shown = turns.length
  log.scrollTop = log.scrollHeight
}

// place links to the step in the flow's picture.
function place (at) {
  const [flow, step] = at.split('/')
  const link = make('a', '', at)
  link.href = `/console/content/${encodeURIComponent(version)}/flows/${encodeURIComponent(flow)}#${encodeURIComponent(step)}`
  return link
}

function paintControls () {
  const state = played.turns.at(-1)?.case ?? ''
  const voice = chat.channel === 'voice'
  for (const button of document.querySelectorAll('.halves button:not(.past)')) button.disabled = busy
  for (const control of document.querySelectorAll('[data-when]')) control.disabled = busy || control.dataset.when !== state
  $('back').disabled = busy || chat.acts.length < 2
  $('channel').value = chat.channel
  $('language').value = chat.language
  $('keys').hidden = !voice
  $('text').placeholder = voice ? $('text').dataset.voice : say('preview.text')
}

function turnItems (turn, i) {
  const last = i === played.turns.length - 1
  const said = turn.said ?? []
  const items = said.map(m => bubble(m, last))
  if (i > 0 && !said.some(m => m.from !== 'bot')) items.unshift(make('li', 'done-by', deed(turn)))
  return items
}

// deed names an act that left no words.
function deed (turn) {
  if (turn.event) return name('event', turn.event)
  if (turn.wait) return say('act.wait', name('wait', turn.wait))
  if (turn.digits) return say('act.digits', turn.digits)
  const [kind, verdict] = (turn.agent ?? '').split(' ')
  return kind === 'outcome' ? say('agent.outcome', name('verdict', verdict)) : name('agent', kind)
}

function bubble (m, last) {
  const item = make('div', 'said')
  item.dataset.from = m.from
  const body = make('p', 'words')
  const voice = chat.channel === 'voice'
  const text = voice && m.spoken ? m.spoken : m.text
  if (m.from === 'bot') body.append(...bold(text))
  else body.textContent = text
  item.append(make('p', 'meta', m.from === 'agent' ? say('from.agent', m.author || '') : name('from', m.from)), body)
  if (m.choices?.length) {
    const choices = make('p', 'choices')
    choices.append(...m.choices.map(choice => choiceButton(choice, last)))
    item.append(choices)
  }
  return item
}

// choiceButton does what the channel's own way of choosing does: a button, the
// number in a text message, or a key.
function choiceButton (choice, last) {
  const numbered = chat.channel !== 'web' && choice.key
  const button = make('button', last ? '' : 'past', numbered ? `${choice.key}  ${choice.label}` : choice.label)
  button.disabled = !last
  const act = { web: { choice: choice.value }, sms: { user: choice.key }, voice: { digits: choice.key } }
  button.onclick = async () => {
    await add(numbered ? act[chat.channel] : act.web)
    $('log').focus() // for the button that had it can no longer be pressed
  }
  return button
}

$('say').onsubmit = async event => {
  event.preventDefault()
  const text = $('text').value.trim()
  const keys = chat.channel === 'voice' && /^[0-9*#]+$/.test(text)
  if (text && await add(keys ? { digits: text } : { user: text })) $('text').value = ''
}
$('reply').onsubmit = async event => {
  event.preventDefault()
  const text = $('words-of-agent').value.trim()
  if (text && await add({ agent: `message ${text}` })) $('words-of-agent').value = ''
}
for (const kind of ['event', 'wait', 'agent', 'digits']) {
  for (const button of document.querySelectorAll(`button[data-${kind}]`)) button.onclick = () => add({ [kind]: button.dataset[kind] })
}
$('again').onclick = $('channel').onchange = $('language').onchange = again
$('back').onclick = () => play({ ...chat, acts: chat.acts.slice(0, -1) })
$('download').onclick = () => {
  const link = make('a')
  link.href = URL.createObjectURL(new Blob([played.transcript], { type: 'application/yaml' }))
  link.download = `preview-${version}.yaml`
  link.click()
  URL.revokeObjectURL(link.href)
}

const before = JSON.parse(sessionStorage.getItem(kept))
if (!before || !await play(before)) play(chat)
