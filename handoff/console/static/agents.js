// Who works at the desk and in which teams, as admins change it.

import { cards } from './cards.js'
import { blame, forgive, problem } from './fields.js'
import { $, put, say } from './page.js'
import { call } from './server.js'

const path = (kind, name) => `${kind}/${encodeURIComponent(name)}`

// again shows the page anew, and says about whom or what something was done.
const again = about => location.assign('/console/agents?about=' + encodeURIComponent(about))

// sure has a button pressed twice before it acts.
function sure (button, act) {
  const label = button.textContent
  let asked = false
  const calm = () => { asked = false; button.classList.remove('sure'); put(button, label) }
  button.onblur = calm
  button.onclick = () => {
    if (asked) return act()
    asked = true
    button.classList.add('sure')
    put(button, say('agents.sure', label))
  }
  calm()
}

// reveal shows a password for the only time, and then the page anew.
function reveal (name, password) {
  $('profile').close()
  put($('secret-title'), say('agents.secret', name))
  $('password').value = password
  $('secret-copy').hidden = !navigator.clipboard
  $('secret-copy').onclick = () => navigator.clipboard.writeText(password)
  $('secret-close').onclick = () => $('secret').close()
  $('secret').onclose = () => again(name)
  $('secret').showModal()
}

$('hire').onsubmit = async event => {
  event.preventDefault()
  forgive($('hire'))
  try {
    const made = await call('agents', { name: $('hire-name').value.trim(), role: $('hire-role').value })
    reveal(made.name, made.password)
  } catch (err) {
    blame($('hire-name'), problem(err))
  }
}

const boxes = name => [...document.getElementsByName(name)]
const ticked = name => boxes(name).filter(box => box.checked).map(box => box.value)

function fail (err) {
  const input = err.field && $('profile').querySelector(`[data-field="${err.field}"]`)
  if (input) return blame(input, problem(err))
  put($('profile-told'), problem(err))
  $('profile-told').hidden = false
}

// attempt does something that the dialog asks for, and says there if it fails.
async function attempt (act) {
  forgive($('profile'))
  $('profile-told').hidden = true
  try {
    await act()
  } catch (err) {
    fail(err)
  }
}

async function save (agent) {
  const one = path('agents', agent.name)
  const phone = $('profile-phone')?.value.trim()
  if ($('profile-role').value !== agent.role) await call(one, { role: $('profile-role').value }, 'PATCH')
  if (phone || $('phone-none')?.checked) {
    await call(one + '/phone', { number: phone }).catch(err => {
      throw err.status === 400 ? Object.assign(err, { field: 'phone', problem: 'phone' }) : err
    })
  }
  const profile = { languages: ticked('language'), skills: ticked('skill'), teams: ticked('team'), capacity: Number($('profile-capacity').value) }
  await call(one, profile, 'PUT')
  again(agent.name)
}

function edit (agent) {
  const one = path('agents', agent.name)
  const { profile } = agent
  forgive($('profile'))
  put($('profile-title'), agent.name)
  $('profile-told').hidden = true
  $('profile-role').value = agent.role
  for (const [name, has] of [['language', profile.languages], ['skill', profile.skills], ['team', profile.teams]]) {
    for (const box of boxes(name)) box.checked = (has ?? []).includes(box.value)
  }
  $('profile-capacity').value = profile.capacity
  if ($('profile-phone')) {
    $('profile-phone').value = ''
    $('profile-phone').placeholder = agent.phone ? '…' + agent.phone : ''
    $('phone-none').checked = false
    $('phone-none-row').hidden = !agent.phone
  }
  put($('new-password'), say('agents.password'))
  put($('remove'), say('agents.remove'))
  put($('disable'), say(agent.disabled ? 'agents.enable' : 'agents.disable'))
  sure($('new-password'), () => attempt(async () => reveal(agent.name, (await call(one + '/password', {})).password)))
  sure($('disable'), () => attempt(async () => { await call(one, { disabled: !agent.disabled }, 'PATCH'); again(agent.name) }))
  sure($('remove'), () => attempt(async () => { await call(one, undefined, 'DELETE'); again(agent.name) }))
  $('profile-cancel').onclick = () => $('profile').close()
  $('profile-form').onsubmit = event => {
    event.preventDefault()
    attempt(() => save(agent))
  }
  $('profile').showModal()
}

for (const button of document.querySelectorAll('[data-edits]')) button.onclick = () => edit(JSON.parse(button.dataset.of))

// A team is made, renamed and removed in its own line.
async function team (form, name, send) {
  forgive(form)
  try {
    await send()
    again(name)
  } catch (err) {
    blame(form.elements.name, err.status === 409 ? say('teams.busy') : problem(err))
  }
}

for (const form of document.querySelectorAll('[data-team]')) {
  const was = form.dataset.team
  form.onsubmit = event => {
    event.preventDefault()
    const name = form.elements.name.value.trim()
    team(form, name, () => call(path('teams', was), { name }, 'PUT'))
  }
  sure(form.elements.remove, () => team(form, was, () => call(path('teams', was), undefined, 'DELETE')))
}

$('add-team').onsubmit = event => {
  event.preventDefault()
  const name = $('team-name').value.trim()
  team($('add-team'), name, () => call('teams', { name }))
}

cards($('agents'))

// Who came back from a change goes on where it was made.
const about = $('about')?.dataset.about
const place = about && ([...document.querySelectorAll('[data-edits]')].find(b => b.dataset.edits === about) ??
  [...document.querySelectorAll('[data-team]')].find(f => f.dataset.team === about)?.elements.name)
place?.focus()
