// What the agent can do, and when.

import { alertTo } from './alerts.js'
import { missing, paintChecks } from './checks.js'
import { fill, isNote, onlyNotes, openDraft, writeAs } from './compose.js'
import { draft, keepDraft, saveDrafts } from './drafts.js'
import { useKeys } from './keys.js'
import { cannedKey } from './knowledge.js'
import { paintOffer, respond, useOffers, waitsFor } from './offer.js'
import { $, name, put, say } from './page.js'
import { paintAges, paintCompany, paintList, paintPacket, paintReach, paintTalk, toEnd, unanswered } from './paint.js'
import { paintPass, usePass } from './pass.js'
import { paintPictures } from './pictures.js'
import { paintReceipts } from './receipts.js'
import { blocked, call, casePath, desk, follow, link, refresh } from './server.js'
import { loadStaff } from './staff.js'
import { asked, holds, isLost, owned, queued, reads, ready, stands } from './states.js'
import { markSeen } from './unread.js'
import { askCode } from './wrapup.js'

const longest = 4000 // characters in a message or a note
let acting = false // an act is on its way
let offers = 0 // how many there were
let closing = 0 // timer of a close that has been pressed once

function paint () {
  markSeen()
  paintOffer()
  if (waitsFor().length < offers) loadStaff() // one that was let pass may make the agent away
  offers = waitsFor().length
  paintList('mine', desk.mine.filter(c => !asked(c) || reads(c)), choose)
  $('to-approve').hidden = !desk.approval.length
  paintList('approval', desk.approval, choose)
  paintList('waiting', desk.waiting, choose)
  paintTalk()
  paintReceipts()
  paintPacket()
  paintPictures()
  paintChecks()
  paintAges()
  paintReach()
  paintCompany()
  paintControls()
  alertTo()
  put($('notice'), desk.notice)
  $('notice').hidden = !desk.notice
  const todo = desk.waiting.length + desk.mine.filter(c => holds(c) && unanswered(c)).length
  document.title = (todo ? `(${todo}) ` : '') + say('title')
}

// paintControls offers what may be done now, and nothing while the page may be
// out of date.
function paintControls () {
  const c = desk.talks.get(desk.chosen)?.case
  const state = link()
  const mine = holds(c)
  $('take').hidden = !queued(c)
  $('write').hidden = !mine && !reads(c)
  onlyNotes(reads(c))
  $('decide').hidden = !mine
  $('away').hidden = !c || mine || reads(c) || queued(c)
  paintPass(acting || blocked())
  put($('away'), c ? whereItIs(c) : '')
  $('next').disabled = acting || blocked() || !desk.waiting.some(ready)
  put($('next-hint'), say(desk.waiting.some(ready) ? 'next.hint' : 'next.none'))
  for (const id of ['claim', 'send', 'give', 'release', 'close']) $(id).disabled = acting || blocked()
  put($('close'), say(closing ? 'close.sure' : $('verdicts').hidden ? 'close.handled' : 'close'))
  put($('link'), say('link.' + state))
  $('link').dataset.state = state
  put($('stale'), say(state === 'behind' ? 'link.behindhand' : 'link.banner'))
  $('stale').hidden = !blocked()
}

function whereItIs (c) {
  if (isLost(c)) return say(c.cut ? 'pass.cut' : 'pass.lost')
  if (owned(c)) return [say('owned', c.owner), stands(c)].join(' ').trim()
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
  openDraft()
  tell('')
  calm()
  show('talk')
  paint()
  await refresh()
  if (desk.chosen === id && !desk.talks.has(id) && link() !== 'stale') tell(say('gone'))
}

// next takes the most urgent case that waits. One that a colleague takes at the
// same moment is passed over, a few times at most.
async function next () {
  for (let tries = 0; tries < 5 && desk.waiting.some(ready); tries++) {
    await choose(desk.waiting.find(ready).id)
    if (await act('claim')) return toReply()
    if (blocked()) return
  }
}

// act does one thing to the chosen case and tells whether it was done.
async function act (kind, body) {
  if (acting || blocked()) return false
  acting = true
  tell('')
  paintControls()
  try {
    const id = desk.chosen
    await call(casePath(id, '/' + kind), { fence: desk.talks.get(id)?.case.fence, ...body })
    if (kind === 'outcome' || kind === 'close') askCode(id)
    return true
  } catch (err) {
    tell(whyNot(kind, err))
    return false
  } finally {
    acting = false
    await refresh()
  }
}

function whyNot (kind, { status, owner, full, say: words }) {
  if (!status) return say('act.unsure')
  if (status === 422) return words?.[document.documentElement.lang] ?? missing()
  if (status === 409 && full) return say('act.full')
  if (status !== 409) return say('act.failed')
  if (!owner || owner === desk.agent) return say(kind === 'claim' ? 'claim.gone' : 'act.gone')
  return say(kind === 'claim' ? 'claim.lost' : 'act.refused', owner)
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
  const [kind, field] = isNote() ? ['notes', 'note'] : ['messages', 'text']
  const text = $('text').value
  if (!text.trim() || acting || blocked() || tooLong(text)) return
  keepDraft(id, field, '')
  fill()
  const sent = await act(kind, { text, id: messageId(id, kind + text) })
  if (sent) unsure = {}
  else keepDraft(id, field, [text, draft(id)[field]].filter(Boolean).join('\n'))
  if (desk.chosen === id) fill()
}

async function decide () {
  const note = $('note').value
  if (tooLong(note)) return
  const outcome = new FormData($('decide')).get('verdict')
  if (await act('outcome', { outcome, note })) $('note').value = ''
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

// move goes to the next case of both lists, or with -1 to the one before.
function move (step) {
  const ids = [...desk.mine, ...desk.approval, ...desk.waiting].map(c => c.id)
  const at = ids.indexOf(desk.chosen)
  const to = at < 0 ? (step > 0 ? 0 : ids.length - 1) : at + step
  if (ids[to]) choose(ids[to])
}

const write = mode => () => { if (!$('write').hidden) { show('talk'); writeAs(mode) } }

useKeys({
  next: () => move(1),
  previous: () => move(-1),
  accept: () => { if (waitsFor().length) respond('accept'); else if (!$('next').disabled) next() },
  decline: () => respond('decline'),
  pass: () => { if (!$('pass').hidden) { show('packet'); ($('pass-on').hidden ? $('resume') : $('pass-to')).focus() } },
  note: write('note'),
  reply: write('reply'),
  outcome: () => { if (!$('decide').hidden) { show('packet'); ($('verdicts').hidden ? $('close') : document.querySelector('[name=verdict]')).focus() } },
  search: () => { if (!$('packet').hidden) { show('packet'); $('know').focus() } }
}, choose)

function calm () {
  clearTimeout(closing)
  closing = 0
  paintControls()
}

useOffers(choose)
usePass(async (kind, body) => { await act(kind, body); loadStaff() })

$('next').onclick = next
// toReply is for an agent who has not begun to type elsewhere, such as in the checklist.
function toReply () {
  if (!document.activeElement?.matches('input, textarea')) $('text').focus()
}

$('claim').onclick = async () => {
  if (await act('claim')) toReply()
}
$('release').onclick = () => act('release')
$('close').onclick = close
$('newer').onclick = toEnd
$('facts').onclick = event => { if (event.target.dataset.slot) reveal(event.target) }
$('write').onsubmit = event => { event.preventDefault(); send() }
$('decide').onsubmit = event => { event.preventDefault(); decide() }
$('text').onkeydown = event => {
  if (cannedKey(event)) return event.preventDefault()
  // While an input method composes, Enter belongs to it (229 in older Safari).
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
  event.preventDefault()
  send()
}
for (const tab of document.querySelectorAll('.tabs button')) tab.onclick = () => show(tab.dataset.pane)
$('language').onclick = event => { event.currentTarget.hash = desk.chosen }

openDraft()
if (desk.chosen) show('talk')
follow(paint)
setInterval(saveDrafts, 5000)
setInterval(() => { paintOffer(); paintControls(); paintAges(); paintReach() }, 1000)
