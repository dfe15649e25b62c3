// What the agent can do, and when.

import { paintChecks } from './checks.js'
import { $, name, put, say } from './page.js'
import { paintAges, paintList, paintPacket, paintReach, paintTalk, toEnd, unanswered } from './paint.js'
import { call, casePath, desk, follow, link, refresh } from './server.js'

const longest = 4000 // characters in a message or a note
let acting = false // an act is on its way
let closing = 0 // timer of a close that has been pressed once

function paint () {
  paintList('mine', desk.mine, choose)
  paintList('waiting', desk.waiting, choose)
  paintTalk()
  paintPacket()
  paintChecks()
  paintAges()
  paintReach()
  paintControls()
  put($('notice'), desk.notice)
  $('notice').hidden = !desk.notice
  const todo = desk.waiting.length + desk.mine.filter(unanswered).length
  document.title = (todo ? `(${todo}) ` : '') + say('title')
}

// paintControls offers what may be done now, and nothing while the page may be
// out of date.
function paintControls () {
  const c = desk.talks.get(desk.chosen)?.case
  const state = link()
  const mine = c?.state === 'active' && c.owner === desk.agent
  $('take').hidden = c?.state !== 'waiting'
  $('write').hidden = $('decide').hidden = !mine
  $('away').hidden = !c || mine || c.state === 'waiting'
  put($('away'), c ? whereItIs(c) : '')
  for (const id of ['claim', 'send', 'give', 'release', 'close']) $(id).disabled = acting || state === 'stale'
  put($('close'), say(closing ? 'close.sure' : $('verdicts').hidden ? 'close.handled' : 'close'))
  put($('link'), say('link.' + state))
  $('link').dataset.state = state
  $('stale').hidden = state !== 'stale'
}

function whereItIs (c) {
  if (c.state === 'active') return say('owned', c.owner)
  const states = [name('state', c.state), c.outcome && name('verdict', c.outcome)]
  return say('ended', states.filter(Boolean).join(' · '))
}

function tell (text) {
  $('told').textContent = text
  $('told').hidden = !text
}

// show picks the pane on screens with room for only one.
function show (pane) {
  document.body.dataset.pane = pane
  for (const tab of document.querySelectorAll('.tabs button')) tab.setAttribute('aria-pressed', tab.dataset.pane === pane)
}

async function choose (id) {
  desk.chosen = id
  history.replaceState(null, '', '#' + id)
  $('decide').reset()
  loadDrafts()
  tell('')
  calm()
  show('talk')
  paint()
  await refresh()
  if (desk.chosen === id && !desk.talks.has(id) && link() !== 'stale') tell(say('gone'))
}

// act does one thing to the chosen case and tells whether it was done.
async function act (kind, body) {
  if (acting || link() === 'stale') return false
  acting = true
  tell('')
  paintControls()
  try {
    await call(casePath(desk.chosen, '/' + kind), { fence: desk.talks.get(desk.chosen).case.fence, ...body })
    return true
  } catch (err) {
    tell(whyNot(kind, err))
    return false
  } finally {
    acting = false
    await refresh()
  }
}

function whyNot (kind, { status, owner, say: words }) {
  if (!status) return say('act.unsure')
  if (status === 422) return words?.[document.documentElement.lang] ?? say('checks.missing')
  if (status !== 409) return say('act.failed')
  if (!owner || owner === desk.agent) return say(kind === 'claim' ? 'claim.gone' : 'act.gone')
  return say(kind === 'claim' ? 'claim.lost' : 'act.refused', owner)
}

// Drafts outlive a reload, and a new log-in of the same agent in the same tab.
const draftKey = (id, field) => `${desk.agent}/${id}/${field}`

function keepDraft (id, field, text) {
  if (text) sessionStorage.setItem(draftKey(id, field), text)
  else sessionStorage.removeItem(draftKey(id, field))
}

function loadDrafts () {
  for (const field of ['text', 'note']) $(field).value = sessionStorage.getItem(draftKey(desk.chosen, field)) ?? ''
}

function tooLong (text) {
  const over = [...text].length > longest
  if (over) tell(say('act.toolong'))
  return over
}

// A message that may or may not have arrived keeps its id as long as its text
// stays the same, so that sending it again does not double it.
let unsure = {}

function messageId (caseId, text) {
  if (unsure.caseId !== caseId || unsure.text !== text) {
    const random = crypto.getRandomValues(new Uint8Array(16))
    unsure = { caseId, text, id: [...random].map(b => b.toString(16).padStart(2, '0')).join('') }
  }
  return unsure.id
}

// send empties the field at once, so that the agent can go on typing; text that
// was not sent comes back in front of what was typed since.
async function send () {
  const id = desk.chosen
  const text = $('text').value
  if (!text.trim() || acting || link() === 'stale' || tooLong(text)) return
  keepDraft(id, 'text', text)
  $('text').value = ''
  const sent = await act('messages', { text, id: messageId(id, text) })
  if (sent) unsure = {}
  const since = desk.chosen === id ? $('text').value : ''
  keepDraft(id, 'text', sent ? since : [text, since].filter(Boolean).join('\n'))
  if (desk.chosen === id) loadDrafts()
}

async function decide () {
  const id = desk.chosen
  const note = $('note').value
  if (tooLong(note)) return
  const outcome = new FormData($('decide')).get('verdict')
  if (await act('outcome', { outcome, note })) keepDraft(id, 'note', '')
}

// Closing cannot be undone, so it takes two presses.
function close () {
  if (!closing) {
    closing = setTimeout(calm, 4000)
    return paintControls()
  }
  calm()
  act('close')
}

// reveal shows one number whole, once the agent has said why.
async function reveal (button) {
  const reason = prompt(say('reveal.why'))
  if (reason === null) return
  try {
    const { value } = await call(casePath(desk.chosen, '/reveal'), { slot: button.dataset.slot, reason })
    button.parentNode.textContent = value
    tell('')
  } catch (err) {
    tell(err.status === 400 ? say('reveal.short') : whyNot('reveal', err))
  }
}

function calm () {
  clearTimeout(closing)
  closing = 0
  paintControls()
}

$('claim').onclick = async () => {
  if (await act('claim')) $('text').focus()
}
$('release').onclick = () => act('release')
$('close').onclick = close
$('newer').onclick = toEnd
$('facts').onclick = event => { if (event.target.dataset.slot) reveal(event.target) }
$('write').onsubmit = event => { event.preventDefault(); send() }
$('decide').onsubmit = event => { event.preventDefault(); decide() }
$('text').onkeydown = event => {
  // While an input method composes, Enter belongs to it (229 in older Safari).
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
  event.preventDefault()
  send()
}
for (const field of ['text', 'note']) $(field).oninput = () => keepDraft(desk.chosen, field, $(field).value)
for (const tab of document.querySelectorAll('.tabs button')) tab.onclick = () => show(tab.dataset.pane)
$('language').onclick = event => { event.currentTarget.hash = desk.chosen }

loadDrafts()
if (desk.chosen) show('talk')
follow(paint)
setInterval(() => { paintControls(); paintAges(); paintReach() }, 1000)
