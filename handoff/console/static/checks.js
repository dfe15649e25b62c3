// The checklist of the chosen case. What the merchant says is sent to be compared
// and forgotten here; what is on file never comes to the page.

import { $, make, put, same, say } from './page.js'
import { call, casePath, desk, link, refresh } from './server.js'
import { holds, worked } from './states.js'

let busy = false

const chosen = () => desk.talks.get(desk.chosen)?.case

export function paintChecks () {
  const c = chosen()
  paintHooks(c?.hooks ?? [])
  const list = c?.checklist
  $('checks').hidden = !list
  if (!list) return
  if ($('checks').dataset.case !== c.id) put($('checks-told'), '')
  $('checks').dataset.case = c.id
  const mine = holds(c)
  const awaits = worked(c) && list.missing.join() === 'approval'
  $('checks-approve').hidden = mine || !awaits
  $('checks-approve').disabled = busy || link() === 'stale'
  if (same($('checks'), [c.id, list, mine])) return
  put($('checks-rule'), [
    list.need ? say('checks.need', list.need) : say('checks.advice'),
    list.kinds > 1 && say('checks.kinds', list.kinds),
    list.approval && !awaits && !list.approved && say('checks.approval'),
    awaits && say('checks.awaits'),
    list.approved && say('checks.approved', list.approved),
    !list.compares && list.items.some(i => i.means === 'compare') && say('checks.nodata')
  ].filter(Boolean).join(' '))
  $('checks-merchant-row').hidden = !mine || !list.compares || Boolean(list.merchant)
  $('checks-items').replaceChildren(...list.items.map(item => row(item, mine, list)))
}

// paintHooks offers what other programs do for a merchant who is verified.
function paintHooks (hooks) {
  if (same($('hooks'), [desk.chosen, hooks])) return
  const told = make('span', 'meta')
  told.setAttribute('role', 'status')
  $('hooks').replaceChildren(...hooks.map(hook => {
    const button = make('button', 'plain', hook[document.documentElement.lang])
    button.type = 'button'
    button.onclick = async () => {
      button.disabled = true
      try {
        const { result } = await call(casePath(desk.chosen, '/hooks'), { name: hook.name })
        told.textContent = say('hook.' + result)
      } catch (err) {
        told.textContent = err.status ? err.message : say('act.unsure')
      }
      button.disabled = false
    }
    return button
  }), ' ', told)
}

function row (item, mine, list) {
  const node = make('li')
  const title = item.title[document.documentElement.lang]
  node.append(make('b', '', title), ' ', make('span', 'meta', [
    item.must && say('checks.must'),
    item.result && say(item.result === 'match' ? 'checks.match' : 'checks.mismatch'),
    say('checks.left', item.left)
  ].filter(Boolean).join(' · ')))
  if (mine && item.left) {
    const tries = make('div', 'try')
    tries.append(...controls(item, title, list))
    node.append(tries)
  }
  return node
}

// controls are a field for what was said, or buttons for what the agent has found out.
function controls (item, title, { compares, texts }) {
  const button = (label, body, path = '/checks') => {
    const node = make('button', '', label)
    node.type = 'button'
    node.onclick = () => attempt(path, { item: item.id, ...body() })
    return node
  }
  if (item.means === 'callback' || item.means === 'document') {
    return [button(say('checks.yes'), () => ({ match: true })), button(say('checks.no'), () => ({ match: false }))]
  }
  if (!(item.means === 'code' ? texts : compares)) return [make('span', 'meta', item.means === 'code' && compares ? say('checks.notexts') : '')]
  const field = make('input')
  field.autocomplete = 'off'
  const code = item.means === 'code'
  field.setAttribute('aria-label', code ? say('checks.number') : say('checks.said', title))
  if (code) field.placeholder = say('checks.number')
  const merchant = () => $('checks-merchant').value
  const go = code
    ? button(say('checks.code'), () => ({ number: field.value, merchant: merchant() }), '/code')
    : button(say('checks.try'), () => ({ said: field.value, merchant: merchant() }))
  field.onkeydown = event => {
    if (event.key !== 'Enter' || event.isComposing) return
    event.preventDefault() // it is no verdict
    go.click()
  }
  return [field, go]
}

// missing names what keeps the chosen case from the verdict verified.
export function missing () {
  const { items, missing } = chosen().checklist
  const titles = items.filter(item => missing.includes(item.id)).map(item => item.title[document.documentElement.lang])
  if (missing.includes('approval')) titles.push(say('checks.approval'))
  return say('checks.missing', titles.join(' · '))
}

async function attempt (path, body) {
  await post(path, body, ({ match, known, sent }) => {
    if (!known) return say('checks.unknown')
    if (sent) return say('checks.sent')
    return say(match ? 'checks.match' : 'checks.mismatch')
  })
}

async function post (path, body, tell) {
  const c = chosen()
  if (busy || link() === 'stale') return
  busy = true
  try {
    put($('checks-told'), tell(await call(casePath(c.id, path), { fence: c.fence, ...body })))
    $('told').hidden = true // it may say what was missing
  } catch (err) {
    put($('checks-told'), err.status ? err.message : say('act.unsure'))
  } finally {
    busy = false
    await refresh()
  }
}

$('checks-approve').onclick = () => post('/approve', {}, () => say('checks.approved', desk.agent))
