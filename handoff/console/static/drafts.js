// What the agent has begun to write in each case: a reply and a note. The server
// keeps it, so that it is there after a reload and at another desk. Until the
// server has it, the tab keeps it too.

import { call, casePath, desk } from './server.js'

const drafts = new Map() // by case id: {text, note}
const pause = 500 // ms without a key until a draft is sent to the server
const unsaved = id => `${desk.agent}/${id}/draft`
let timer = 0
let saving = Promise.resolve() // one after another, so that the last one wins

// draft is what is known of a case.
export const draft = id => drafts.get(id) ?? { text: '', note: '' }

// loadDraft fetches the draft of a case, unless it is known.
export async function loadDraft (id) {
  if (drafts.has(id)) return
  const local = sessionStorage.getItem(unsaved(id))
  if (local) {
    drafts.set(id, JSON.parse(local))
    return save(id)
  }
  const kept = await call(casePath(id, '/draft')).catch(() => null)
  if (kept && !drafts.has(id)) drafts.set(id, kept)
}

// keepDraft changes one field: text or note.
export function keepDraft (id, field, value) {
  drafts.set(id, { ...draft(id), [field]: value })
  sessionStorage.setItem(unsaved(id), JSON.stringify(draft(id)))
  clearTimeout(timer)
  timer = setTimeout(save, pause, id)
}

// save tells the server. What it does not take, because the case has ended, is
// dropped; without an answer the tab keeps it for later.
function save (id) {
  saving = saving.then(async () => {
    const sent = draft(id)
    try {
      await call(casePath(id, '/draft'), sent, 'PUT')
    } catch (err) {
      if (!err.status || err.status >= 500) return
    }
    if (draft(id) === sent) sessionStorage.removeItem(unsaved(id))
  })
  return saving
}

// saveDrafts tries again what the server did not get.
export function saveDrafts () {
  for (const id of drafts.keys()) if (sessionStorage.getItem(unsaved(id))) save(id)
}
