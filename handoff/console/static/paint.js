// Paints the page from the copy in desk. Nothing here talks to the server.

import { $, bold, make, name, put, same, say } from './page.js'
import { desk } from './server.js'
import { paintSLA, sla } from './sla.js'
import { clock, holds, stands } from './states.js'
import { unread } from './unread.js'

// unanswered counts what the merchant has said since anybody answered.
export function unanswered (c) {
  const messages = desk.talks.get(c.id)?.messages ?? []
  return messages.length - 1 - messages.findLastIndex(m => m.from !== 'user')
}

// paintList shows cases in the list with an id; choose is called with the id of
// the one that is clicked.
export function paintList (id, cases, choose) {
  const list = $(id)
  const rows = cases.map(c => ({ case: c, current: c.id === desk.chosen, ...(id === 'mine' && { fresh: unread(c), open: unanswered(c) }) }))
  put($(id + '-count'), cases.length ? String(cases.length) : '')
  const empty = $(id + '-empty')
  if (empty) empty.hidden = cases.length > 0
  if (same(list, rows)) return
  const focused = document.activeElement?.dataset.id
  list.replaceChildren(...rows.map(row => listItem(row, choose)))
  for (const button of list.querySelectorAll('button')) if (button.dataset.id === focused) button.focus()
}

function listItem ({ case: c, current, fresh, open }, choose) {
  const button = make('button', 'case')
  button.dataset.id = c.id
  if (current) button.setAttribute('aria-current', 'true')
  const meta = make('span', 'meta')
  if (c.priority !== 'normal') meta.append(make('b', 'badge ' + c.priority, name('priority', c.priority)), ' ')
  if (c.state === 'waiting' || c.state === 'offered') meta.append(sla(c), ' ')
  meta.append(age(c), ` · ${name('channel', c.channel)} · ${name('speaks', c.language)}`)
  button.append(make('span', 'goal', c.goal || c.reason), meta)
  if (stands(c)) button.append(make('b', 'badge stands', stands(c)))
  if (c.goal) button.append(make('span', 'meta', c.reason))
  if (fresh) button.append(make('b', 'badge fresh', say('queue.unread', fresh)))
  else if (open) button.append(make('b', 'badge open', say('queue.unanswered', open)))
  button.onclick = () => choose(c.id)
  const item = make('li')
  item.append(button)
  return item
}

// age tells how long a case has waited; paintAges keeps it right.
function age (c) {
  const node = make('time', 'age')
  node.dateTime = c.queued_at
  node.title = say('age.since', new Date(c.queued_at).toLocaleString(document.documentElement.lang))
  return node
}

export function paintAges () {
  for (const node of document.querySelectorAll('.age')) {
    const minutes = Math.floor((Date.now() + desk.skew - Date.parse(node.dateTime)) / 60000)
    if (minutes < 1) put(node, say('age.now'))
    else if (minutes < 60) put(node, say('age.minutes', minutes))
    else if (minutes < 48 * 60) put(node, say('age.hours', Math.floor(minutes / 60), minutes % 60))
    else put(node, say('age.days', Math.floor(minutes / 1440)))
  }
  paintSLA(Date.now() + desk.skew)
}

// paintReach says that what is written here will not arrive, or how long it will.
export function paintReach () {
  const { stopped, until } = desk.talks.get(desk.chosen)?.case.reach ?? {}
  const minutes = Math.floor((Date.parse(until) - Date.now() - desk.skew) / 60000)
  $('reach').hidden = !stopped && !until
  if (stopped) put($('reach'), say('reach.stopped'))
  else if (minutes < 0) put($('reach'), say('reach.over'))
  else if (until) put($('reach'), say('reach.left', Math.floor(minutes / 60), minutes % 60))
}

// paintCompany names the colleagues who look at the case too.
export function paintCompany () {
  const company = desk.talks.get(desk.chosen)?.case.company ?? []
  const names = who => who.map(seat => seat.agent).join(say('company.and'))
  const typing = company.filter(seat => seat.typing)
  const looking = company.filter(seat => !seat.typing)
  put($('company'), [typing.length && say('company.typing', names(typing)), looking.length && say('company.looking', names(looking))].filter(Boolean).join(' '))
  $('company').hidden = !company.length
}

export function paintTalk () {
  const talk = desk.talks.get(desk.chosen)
  const log = $('log')
  $('talk').hidden = !talk
  $('talk-empty').hidden = Boolean(talk)
  if (!talk) return
  const c = talk.case
  put($('goal'), c.packet.goal || c.reason)
  const about = ['state', 'priority', 'channel'].map(kind => name(kind, c[kind])).concat(name('speaks', c.language))
  if (!same($('about'), [about, c.queued_at])) $('about').replaceChildren(about.join(' · ') + ' · ', age(c))

  const another = log.dataset.case !== c.id
  if (another) log.replaceChildren()
  log.dataset.case = c.id
  const added = insert(log, talk.messages, talk.case.notes ?? [])
  if (another || following) toEnd()
  else if (added) $('newer').hidden = false
}

// insert adds what is not in the log yet, in the order of time, and tells whether
// there was something. A note stands among the messages.
function insert (log, messages, notes) {
  const shown = new Set([...log.children].map(item => item.dataset.key))
  const fresh = [
    ...messages.map(m => ({ key: String(m.seq), at: m.at, make: () => message(m) })),
    ...notes.map((n, i) => ({ key: 'note ' + i, at: n.at, make: () => note(n) }))
  ].filter(entry => !shown.has(entry.key))
  for (const { key, at, make } of fresh) {
    const item = make()
    item.dataset.key = key
    item.dataset.at = Date.parse(at)
    const before = [...log.children].findLast(other => Number(other.dataset.at) <= Number(item.dataset.at))
    if (before) before.after(item)
    else log.prepend(item)
  }
  return fresh.length > 0
}

// following is whether the end of the conversation is in view, and is to stay so
// when messages come or the field below grows.
let following = true
let top = 0
$('log').onscroll = () => {
  const log = $('log')
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
  following = atEnd || (following && log.scrollTop >= top) // only who scrolls up stops it
  top = log.scrollTop
  if (atEnd) $('newer').hidden = true
}
new ResizeObserver(() => { if (following) toEnd() }).observe($('log'))

export function toEnd () {
  following = true
  $('log').scrollTop = $('log').scrollHeight
  $('newer').hidden = true
}

// heading says who wrote and when.
function heading (who, when) {
  const head = make('p', 'meta', who + ' ')
  const at = new Date(when)
  const today = at.toDateString() === new Date().toDateString()
  const time = make('time', '', at.toLocaleString(document.documentElement.lang, today ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' }))
  time.dateTime = when
  head.append(time)
  return head
}

function note (n) {
  const item = make('div', 'said aside')
  item.append(heading(say('from.note', n.agent), n.at), make('p', 'words', n.text))
  return item
}

function message (m) {
  const item = make('div', 'said')
  item.dataset.from = m.from
  const head = heading(m.from === 'agent' ? say('from.agent', m.author || '') : name('from', m.from), m.at)
  const body = make('p', 'words')
  if (m.from === 'bot') body.append(...bold(m.text))
  else body.textContent = m.text
  item.append(head, body)
  if (m.choices?.length) item.append(make('p', 'meta', say('talk.offered') + m.choices.map(c => c.label).join(' / ')))
  return item
}

export function paintPacket () {
  const c = desk.talks.get(desk.chosen)?.case
  $('packet').hidden = !c
  $('packet-empty').hidden = Boolean(c)
  if (!c || same($('facts'), c)) return
  const packet = c.packet
  const facts = []
  const fact = (label, ...values) => {
    const known = values.filter(Boolean)
    if (known.length) facts.push(make('dt', '', label), ...known.map(value => make('dd', '', value)))
  }
  // What is shortened can be shown whole to whoever has the case.
  const sealed = slot => {
    if (!holds(c)) return
    const button = make('button', 'plain', say('reveal.show'))
    button.type = 'button'
    button.dataset.slot = slot
    facts.at(-1).append(' ', button)
  }
  fact(say('packet.goal'), packet.goal || c.reason)
  fact(say('packet.verifies'), packet.verifies && name('verifies', packet.verifies))
  fact(say('packet.contact'), packet.contact)
  if (packet.contact_sealed) sealed('contact')
  fact(say('packet.email'), packet.email)
  if (packet.email) sealed('email')
  fact(say('packet.called'), ...(c.called ?? []).map(({ at, how }) => `${clock(at)} · ${say('call.how.' + (how ?? 'unknown'))}`))
  for (const slot of packet.slots ?? []) {
    fact(slot.title || slot.name, slot.label || slot.value)
    if (slot.sealed) sealed(slot.name)
  }
  fact(say('packet.tried'), ...(packet.tried ?? []))
  fact(say('packet.flow'), [packet.flow || c.reason, packet.step].filter(Boolean).join(' · '))
  if (!holds(c)) fact(say('packet.owner'), c.owner)
  fact(say('verdict.title'), c.outcome && name('verdict', c.outcome))
  fact(say('packet.note'), c.note)
  $('facts').replaceChildren(...facts)
  paintVerdicts(packet)
}

// paintVerdicts says what the merchant is told after each verdict. A handoff
// that verifies nothing and branches on none is only closed.
function paintVerdicts (packet) {
  const next = packet.next ?? {}
  let branches = Boolean(packet.verifies)
  for (const node of document.querySelectorAll('[data-tells]')) {
    const told = next[node.dataset.tells]
    node.textContent = told ? say('verdict.tells', told) : ''
    branches ||= Boolean(told)
  }
  $('verdicts').hidden = !branches
  $('close-tells').textContent = !branches && next.handled ? say('verdict.tells', next.handled) : ''
}
