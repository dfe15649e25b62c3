// The form in which an admin says what an agent can do.

import { $, put, say } from './page.js'
import { call } from './server.js'

const list = id => $(id).value.split(/[,，、]/).map(part => part.trim()).filter(Boolean)

// editProfile opens the form; saved is called once the server has it.
export function editProfile ({ name, profile }, saved) {
  put($('profile-title'), name)
  for (const box of document.getElementsByName('language')) box.checked = (profile.languages ?? []).includes(box.value)
  $('profile-skills').value = (profile.skills ?? []).join(', ')
  $('profile-teams').value = (profile.teams ?? []).join(', ')
  $('profile-capacity').value = profile.capacity
  $('profile-told').hidden = true
  $('profile-cancel').onclick = () => $('profile').close()
  $('profile-form').onsubmit = event => {
    event.preventDefault()
    save(name, saved)
  }
  $('profile').showModal()
}

async function save (name, saved) {
  const languages = [...document.getElementsByName('language')].filter(box => box.checked).map(box => box.value)
  const profile = { languages, skills: list('profile-skills'), teams: list('profile-teams'), capacity: Number($('profile-capacity').value) }
  try {
    await call(`agents/${encodeURIComponent(name)}`, profile, 'PUT')
  } catch (err) {
    put($('profile-told'), err.status === 400 ? say('board.wrong') : say('act.failed'))
    $('profile-told').hidden = false
    return
  }
  $('profile').close()
  put($('told'), say('board.saved', name))
  saved()
}
