// Colleagues to whom a case can be passed on, and whether this agent wants offers.

import { $, make, name, put, same, say } from './page.js'
import { call, desk } from './server.js'

let staff = []
let presence = ''

// loadStaff asks who is there.
export async function loadStaff () {
  try {
    staff = (await call('agents')).agents.filter(one => !one.disabled)
  } catch {
    return // the next time will do
  }
  const now = staff.find(one => one.name === desk.agent)?.presence ?? ''
  if (presence === 'available' && now === 'away' && !$('presence').disabled) put($('presence-told'), say('presence.missed'))
  presence = now
  paintPresence()
  paintColleagues()
}

function paintPresence () {
  $('presence').checked = presence === 'available'
  put($('presence-state'), name('presence', presence === 'available' ? 'available' : 'away'))
}

$('presence').onchange = async () => {
  const state = $('presence').checked ? 'available' : 'away'
  $('presence').disabled = true
  try {
    await call('presence', { state })
    presence = state
    put($('presence-told'), '')
  } catch {
    put($('presence-told'), say('act.failed'))
  }
  paintPresence()
  $('presence').disabled = false
  $('presence').focus()
}

// paintColleagues lists agents, those who are there first, and teams.
function paintColleagues () {
  const order = ['available', 'away', 'offline']
  const others = staff.filter(one => one.name !== desk.agent)
    .sort((a, b) => order.indexOf(a.presence) - order.indexOf(b.presence))
    .map(one => [`agent ${one.name}`, say('pass.agent', one.name, name('presence', one.presence), one.cases, one.profile.capacity)])
  const teams = [...new Set(staff.flatMap(one => one.profile.teams ?? []))].sort().map(team => [`team ${team}`, say('pass.team', team)])
  if (same($('pass-to'), [others, teams])) return
  const was = $('pass-to').value
  $('pass-to').replaceChildren(...[...others, ...teams].map(([value, label]) => {
    const option = make('option', '', label)
    option.value = value
    return option
  }))
  if ([...$('pass-to').options].some(option => option.value === was)) $('pass-to').value = was
}

// passTo is the colleague or team that is chosen, as the API has it; null if none.
export function passTo () {
  const [, kind, who] = $('pass-to').value.match(/^(agent|team) (.*)$/s) ?? []
  return kind ? { [kind]: who } : null
}

setInterval(loadStaff, 15000)
loadStaff()
