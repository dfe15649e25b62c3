// The page's copy of what the server knows: the lists and the conversations
// that matter, which are the agent's own and the chosen one. It is fetched when
// the server hints at a change, and every five seconds in case a hint was lost.

export const desk = {
  agent: document.body.dataset.agent,
  waiting: [],
  mine: [],
  approval: [], // cases of colleagues that wait for a second agent's approval
  notice: '',
  talks: new Map(), // by case id: {case, messages}
  chosen: location.hash.slice(1), // a case id, '' for none
  skew: 0 // the server's clock less ours, ms
}

const patience = 15000 // ms without an answer until the page counts as stale
let heardAt = Date.now()
let lost = false // the last call got no answer
let socket = null
let told = 0 // changes that the socket has told of
let filled = 0 // of these, how many the copy has; -1 until it was fetched once since the socket opened
let gapAt = 0 // when the copy fell behind
const catchUp = 2000 // ms that this may take before the page says so
let onChange = () => {}

// link tells how fresh the copy is: live, slow (by polling alone), behind (told of
// changes that are not here yet) or stale.
export function link () {
  if (lost || Date.now() - heardAt > patience) return 'stale'
  if (filled < told && Date.now() - gapAt > catchUp) return 'behind'
  return socket?.readyState === WebSocket.OPEN ? 'live' : 'slow'
}

// call asks the API, with POST if there is a body and nothing else is said. Its errors carry the status
// and, of a conflict, the owner; without a status there was no answer.
export async function call (path, body, method = body ? 'POST' : 'GET') {
  const response = await fetch('/console/api/' + path, {
    method,
    body: body && JSON.stringify(body),
    cache: 'no-store',
    signal: AbortSignal.timeout(10000)
  })
  if (response.status === 401) location.assign('/console/login')
  desk.skew = (Date.parse(response.headers.get('Date')) || Date.now()) - Date.now()
  const answer = await response.json()
  if (!response.ok) throw Object.assign(new Error(answer.error), { status: response.status, owner: answer.owner, full: answer.full, say: answer.say, field: answer.field, problem: answer.problem })
  return answer
}

// blocked tells whether the page may be out of date, so that nothing must be sent.
export const blocked = () => ['stale', 'behind'].includes(link())

export const casePath = (id, rest) => `cases/${encodeURIComponent(id)}${rest}`

async function fetchTalk (id) {
  const talk = desk.talks.get(id) ?? { messages: [] }
  const after = talk.messages.at(-1)?.seq ?? 0
  try {
    const viewing = id === desk.chosen && !document.hidden ? '&viewing=1' : ''
    const { transcript, ...found } = await call(casePath(id, `?after=${after}${viewing}`))
    talk.case = found
    talk.messages.push(...transcript)
    desk.talks.set(id, talk)
  } catch (err) {
    if (err.status !== 404) throw err
    desk.talks.delete(id)
  }
}

async function fetchAll () {
  const [queue, own, approval] = await Promise.all(['waiting', 'mine', 'approval'].map(state => call('cases?state=' + state)))
  const wanted = new Set(own.cases.map(c => c.id))
  if (desk.chosen) wanted.add(desk.chosen)
  for (const id of desk.talks.keys()) if (!wanted.has(id)) desk.talks.delete(id)
  await Promise.all([...wanted].map(fetchTalk))
  desk.waiting = queue.cases
  desk.mine = own.cases
  desk.approval = approval.cases
  desk.notice = queue.notice
}

// refresh never runs twice at a time: whoever asks meanwhile gets another round.
let fetching = null
let again = false
export function refresh () {
  again = true
  fetching ??= (async () => {
    while (again) {
      again = false
      const [from, upTo] = [socket, told]
      try {
        await fetchAll()
        if (from === socket && socket?.readyState === WebSocket.OPEN) filled = Math.max(filled, upTo)
        heardAt = Date.now()
        lost = false
      } catch {
        lost = true
      }
      onChange()
    }
    fetching = null
  })()
  return fetching
}

// hear takes in what the socket says, and closes the gap.
function hear (seq, have) {
  if (filled >= told || have < 0) gapAt = Date.now()
  told = seq
  filled = have
  refresh()
}

function connect () {
  socket = new WebSocket(location.origin.replace('http', 'ws') + '/console/ws')
  const mine = socket
  socket.onopen = () => hear(0, -1)
  socket.onmessage = ({ data }) => {
    const { type, seq } = JSON.parse(data)
    heardAt = Date.now()
    if (type === 'changed' || seq > filled) hear(seq, filled)
  }
  socket.onclose = () => {
    if (mine === socket) told = filled = 0 // by polling alone from now on
    setTimeout(connect, 1000 + Math.random() * 2000)
    onChange()
  }
}

// follow keeps the copy fresh from now on; changed is called when it may differ.
export function follow (changed) {
  onChange = changed
  document.onvisibilitychange = () => { if (!document.hidden) refresh() }
  window.ononline = refresh
  window.onoffline = () => { lost = true; onChange() }
  setInterval(refresh, 5000)
  connect()
  refresh()
}
