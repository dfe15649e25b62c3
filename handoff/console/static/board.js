// The desk as a supervisor sees it: who waits, for how long, and who is there.

import { $, make, name, put, same, say } from './page.js'
import { editProfile } from './profile.js'
import { call, desk } from './server.js'
import { paintSLA, sla } from './sla.js'

const every = 5000 // ms between two looks
const admin = 'admin' in document.body.dataset

async function look () {
  try {
    const [queue, { agents }] = await Promise.all([call('cases?state=waiting'), call('agents')])
    $('old').hidden = true
    paintWaiting(queue.cases)
    paintAgents(agents)
  } catch {
    $('old').hidden = false
  }
}

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

// paintWaiting lists who waits now. Who is called back or comes when the desk opens
// waits for that time, and is only counted.
function paintWaiting (cases) {
  const now = cases.filter(c => c.state === 'waiting' || c.state === 'offered')
  put($('waiting-now'), String(now.length))
  put($('later'), String(cases.length - now.length))
  put($('longest'), say('age.minutes', Math.max(0, ...now.map(c => minutes(c.queued_at)))))
  const rows = now.map(c => [c, minutes(c.queued_at)])
  if (!same($('waiting'), rows)) {
    $('waiting').replaceChildren(...rows.map(([c, waited]) => {
      const link = make('a', '', c.goal || c.reason)
      link.href = '/console/#' + c.id // to read along
      return row(cell(link), cell(say('age.minutes', waited)), cell(sla(c)), cell(name('channel', c.channel)), cell(name('speaks', c.language)))
    }))
  }
  paintSLA(Date.now() + desk.skew)
  put($('late'), String($('waiting').querySelectorAll('[data-state=late]').length))
}

function paintAgents (agents) {
  put($('there'), String(agents.filter(a => a.presence === 'available').length))
  if (same($('agents'), agents)) return
  const focused = document.activeElement?.dataset.edits
  $('agents').replaceChildren(...agents.map(a => {
    const profile = a.profile
    const head = make('th', '', a.name)
    head.scope = 'row'
    return row(head, cell(name('presence', a.presence || 'offline')), cell(`${a.cases} / ${profile.capacity}`),
      cell((profile.languages ?? []).map(l => name('language', l)).join(', ') || say('board.any')),
      cell((profile.skills ?? []).join(', ')), cell((profile.teams ?? []).join(', ')), ...(admin ? [cell(edit(a))] : []))
  }))
  for (const button of $('agents').querySelectorAll('button')) if (button.dataset.edits === focused) button.focus()
}

function edit (agent) {
  const button = make('button', '', say('board.edit', agent.name))
  button.dataset.edits = agent.name
  button.onclick = () => editProfile(agent, look)
  return button
}

setInterval(look, every)
look()
