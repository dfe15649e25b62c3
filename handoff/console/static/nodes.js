// The steps in the picture of a flow.

import { svg } from './svg.js'
import { wrap } from './wrap.js'

const inner = 176 // width of the words in a node, px
const pad = 14
const line = 18 // height of a line of words

// measure finds the words of a node and the room that they take.
export function measure (step, title) {
  const words = step.kind === 'ask' ? question(step.text) : step.text || step.sets?.join('\n') || step.calls || ''
  const lines = wrap(words, inner, 3)
  const choices = step.choices?.length ? wrap(step.choices.join(' / '), inner, 2) : []
  const name = wrap(title, inner, 1)[0]
  return { step, name, lines, choices, width: inner + 2 * pad + 8, height: (1 + lines.length + choices.length) * line + pad }
}

// question is what is asked: the last sentence with a question mark, else the
// last one.
function question (text) {
  const sentences = text.trim().split(/(?<=[。！？]|[.!?]\s)/)
  return sentences.findLast(s => /[？?]\s*$/.test(s)) ?? sentences.at(-1)
}

export function drawNode ({ step, name, lines, choices, x, y, width, height }) {
  const g = svg('g', { class: `node node-${step.kind}`, 'data-step': step.id, transform: `translate(${x - width / 2} ${y - height / 2})`, tabindex: 0, role: 'button', 'aria-pressed': false })
  g.append(...outline(step.kind, width, height))
  g.onfocus = () => g.scrollIntoView({ block: 'nearest', inline: 'nearest' }) // not all browsers do for SVG
  let at = pad / 2 + 13
  const write = (text, className) => {
    g.append(svg('text', { x: pad + 4, y: at, class: className }, text))
    at += line
  }
  write(name, 'node-name')
  for (const text of lines) write(text, 'node-text')
  for (const text of choices) write(text, 'node-choice')
  return g
}

// outline tells the kinds apart also for those who see no colours.
function outline (kind, w, h) {
  const box = (rx, inset = 0) => svg('rect', { x: inset, y: inset, width: w - 2 * inset, height: h - 2 * inset, rx, class: inset ? 'node-inner' : 'node-box' })
  const bars = x => svg('path', { d: `M ${x} 0 V ${h} M ${w - x} 0 V ${h}`, class: 'node-inner' })
  switch (kind) {
    case 'ask': return [svg('path', { d: `M 10 0 H ${w - 10} L ${w} ${h / 2} L ${w - 10} ${h} H 10 L 0 ${h / 2} Z`, class: 'node-box' })]
    case 'if': return [svg('path', { d: `M 10 0 H ${w - 10} L ${w} 10 V ${h - 10} L ${w - 10} ${h} H 10 L 0 ${h - 10} V 10 Z`, class: 'node-box' })]
    case 'call': return [box(2), bars(6)]
    case 'handoff': return [box(4), box(2, 4)]
    case 'end': return [box(Math.min(h / 2, 22))]
    case 'set': return [box(0)]
    default: return [box(8)]
  }
}
