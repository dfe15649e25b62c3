// Which key does what. It is kept in the browser for each agent, because a
// keyboard belongs to the desk at which it stands. Keys are compared by what they
// write, so that every national layout has them where it says.

export const defaults = { next: 'j', previous: 'k', accept: 'a', note: 'n', reply: 'r', outcome: 'e', decline: 'd', pass: 't', search: '/', help: '?' }

const place = agent => `${agent}/keys`

// loadKeys returns the keys of an agent by action; '' for one without.
export function loadKeys (agent) {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(place(agent)) ?? '{}') }
  } catch {
    return { ...defaults }
  }
}

export function saveKeys (agent, keys) {
  localStorage.setItem(place(agent), JSON.stringify(keys))
}
