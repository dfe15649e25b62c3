// Articles of the content in force: found beside the conversation, and put into
// a reply that begins with "/".

import { $, make, say } from './page.js'
import { isNote, replace } from './compose.js'
import { call, desk } from './server.js'

const pause = 200 // ms without a key until it is searched

async function search (words) {
  const c = desk.talks.get(desk.chosen)?.case
  if (!c) return []
  const query = new URLSearchParams({ q: words, language: c.language === 'zh' ? 'zh' : 'en', channel: c.channel })
  return (await call('knowledge?' + query)).articles
}

// The search beside the conversation.

let asked = 0 // only the answer to the last question is shown
let timer = 0

$('know').oninput = () => {
  clearTimeout(timer)
  timer = setTimeout(find, pause)
}

async function find () {
  const mine = ++asked
  const words = $('know').value.trim()
  const articles = words ? await search(words).catch(() => []) : []
  if (mine !== asked) return
  $('known').replaceChildren(...articles.map(article))
  $('known-none').hidden = !words || articles.length > 0
}

function article ({ title, text, reply }) {
  const item = make('li')
  const details = make('details')
  const insert = make('button', '', say('know.insert'))
  insert.type = 'button'
  insert.onclick = () => replace(reply)
  details.append(make('summary', '', title), make('p', 'article', text), insert)
  item.append(details)
  return item
}

// The list that opens on "/" at the beginning of a reply.

const list = $('canned')
let offered = []
let at = 0 // which one Enter takes
let round = 0

export async function offerCanned () {
  const typed = $('text').value
  const mine = ++round
  if (isNote() || !typed.startsWith('/')) return close()
  const found = await search(typed.slice(1)).catch(() => [])
  if (mine !== round || $('text').value !== typed) return
  offered = found.slice(0, 8)
  at = 0
  paint()
}

// cannedKey tells whether the list took a key for itself.
export function cannedKey (event) {
  if (list.hidden || event.isComposing) return false
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step) at = (at + step + offered.length) % offered.length
  else if (event.key === 'Enter' || event.key === 'Tab') return take(at)
  else if (event.key === 'Escape') return close()
  else return false
  paint()
  return true
}

function take (i) {
  replace(offered[i].reply)
  return close()
}

function close () {
  offered = []
  paint()
  return true
}

function paint () {
  list.hidden = !offered.length
  list.replaceChildren(...offered.map(({ title, reply }, i) => {
    const option = make('li', 'option')
    option.id = 'canned-' + i
    option.setAttribute('role', 'option')
    option.setAttribute('aria-selected', i === at)
    option.append(make('b', '', title), make('span', 'meta', reply.split('\n')[0]))
    option.onmousedown = event => { event.preventDefault(); take(i) }
    return option
  }))
  if (offered.length) $('text').setAttribute('aria-activedescendant', 'canned-' + at)
  else $('text').removeAttribute('aria-activedescendant')
  list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
}

$('text').addEventListener('input', offerCanned)
$('text').addEventListener('blur', close)
