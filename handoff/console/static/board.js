// The desk as a supervisor sees it: who waits, for how long, who has what, and who
// is there.

import { cards } from './cards.js'
import { $, make, name, put, same, say } from './page.js'
import { call, desk } from './server.js'
import { paintSLA, sla } from './sla.js'
import { takeOver, useSupervise, supervise } from './supervise.js'

const every = 5000 // ms between two looks

async function look () {
  try {
    const board = await call('board')
    $('old').hidden = true
    const focused = document.activeElement?.dataset.act
    paintFigures(board)
    paintWaiting(board.cases.filter(waits))
    paintHeld(board.cases.filter(c => c.owner))
    paintAgents(board.agents)
    paintSLA(Date.now() + desk.skew)
    if (focused) document.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus() // a row may have moved
  } catch {
    $('old').hidden = false
  }
}

const waits = c => c.state === 'waiting' || c.state === 'offered'

const cell = (...nodes) => {
  const node = make('td')
  node.append(...nodes)
  return node
}

function row (...cells) {
  const node = make('tr')
  node.append(...cells)
  return node
}

const minutes = since => Math.max(0, Math.floor((Date.now() + desk.skew - Date.parse(since)) / 60000))

// paintFigures counts. Who is called back or comes when the desk opens waits for that
// time, and is only counted.
function paintFigures ({ states, longest_seconds: longest, late, agents }) {
  const count = (...which) => String(which.reduce((sum, state) => sum + (states[state] ?? 0), 0))
  put($('waiting-now'), count('waiting', 'offered'))
  put($('later'), count('callback', 'deferred'))
  put($('longest'), say('age.minutes', Math.floor(longest / 60)))
  put($('late'), String(late))
  put($('there'), String(agents.filter(a => a.presence === 'available').length))
}

// fill paints rows anew if they differ.
function fill (body, rows, paint) {
  if (same(body, rows)) return
  body.replaceChildren(...rows.map(paint))
  cards(body.parentNode)
}

function goal (c) {
  const link = make('a', '', c.goal || c.reason)
  link.href = '/console/#' + c.id // to read along
  link.dataset.act = 'read ' + c.id
  const about = cell(link)
  if (c.priority !== 'normal') about.prepend(make('b', 'badge ' + c.priority, name('priority', c.priority)), ' ')
  if (c.team) about.append(make('br'), make('span', 'meta', say('pass.team', c.team)))
  return about
}

function paintWaiting (cases) {
  fill($('waiting'), cases.map(c => [c, minutes(c.queued_at)]), ([c, waited]) =>
    row(goal(c), cell(say('age.minutes', waited)), cell(sla(c)), cell(name('channel', c.channel)), cell(name('speaks', c.language)), acts(c)))
}

function paintHeld (cases) {
  fill($('held'), cases, c =>
    row(goal(c), cell(c.owner), cell(name('state', c.state)), cell(name('channel', c.channel)), cell(name('speaks', c.language)), acts(c)))
}

function acts (c) {
  const ways = make('div', 'ways')
  const button = (act, label, press) => {
    const node = make('button', '', say(label))
    node.dataset.act = `${act} ${c.id}`
    node.setAttribute('aria-label', `${say(label)}: ${c.goal || c.reason}`)
    node.onclick = press
    ways.append(node)
  }
  if (c.owner !== desk.agent) button('takeover', 'board.takeover', () => takeOver(c))
  button('supervise', 'board.change', () => supervise(c))
  return cell(ways)
}

function paintAgents (agents) {
  fill($('agents'), agents.filter(a => !a.disabled), a => {
    const head = make('th', '', a.name)
    head.scope = 'row'
    return row(head, cell(name('presence', a.presence || 'offline')), cell(`${a.cases} / ${a.profile.capacity}`),
      cell((a.profile.languages ?? []).map(l => name('language', l)).join(', ') || say('board.any')), cell((a.profile.teams ?? []).join(', ')))
  })
  useSupervise(agents.filter(a => !a.disabled), look)
}

setInterval(look, every)
look()
