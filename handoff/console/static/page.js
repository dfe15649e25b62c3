// Small helpers for the page. Whatever people wrote is put on it as text, never
// as HTML.

export const $ = id => document.getElementById(id)

const words = JSON.parse($('words').textContent)

// say returns a label in the page's language, with values for {0}, {1} ….
export function say (key, ...values) {
  return values.reduce((text, value, i) => text.split(`{${i}}`).join(value), words[key])
}

// name labels a value of a known kind; an unknown value stands for itself.
export function name (kind, value) {
  return words[`${kind}.${value}`] ?? value
}

export function make (tag, className, text) {
  const node = document.createElement(tag)
  if (className) node.className = className
  if (text !== undefined) node.textContent = text
  return node
}

// put sets a text only if it is another one, so that what the agent has selected
// stays selected and a screen reader stays quiet.
export function put (node, text) {
  if (node.textContent !== text) node.textContent = text
}

// same tells whether node was last painted from an equal value.
const painted = new WeakMap()
export function same (node, value) {
  const print = JSON.stringify(value)
  const was = painted.get(node)
  painted.set(node, print)
  return was === print
}

// bold makes what the bot writes between ** bold.
export function bold (text) {
  return text.split('**').map((part, i) => i % 2 ? make('b', '', part) : part)
}
