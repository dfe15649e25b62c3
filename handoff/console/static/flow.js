// The page of one flow: its picture, and the whole words of the chosen step.

import { $, bold, make, name, say } from './page.js'
import { draw } from './graph.js'

const { version, flow } = document.body.dataset
const here = `/console/content/${encodeURIComponent(version)}/flows/`
const smallest = 0.3
const largest = 2
let picture
let scale = 1

// title names a step, with how many came there and how many of them left, if that
// was counted.
const title = step => [name('kind', step.kind), step.id.replace(/^end:/, ''), ...passed(step)].join(' · ')
const passed = step => step.passed ? [say('step.came', step.passed.arrived), ...left(step.passed)] : []
const left = p => p.left ? [say('step.left', Math.round(100 * p.left / Math.max(p.arrived, p.left)))] : []

function hidden () {
  const boxes = [...document.querySelectorAll('[data-edges]')]
  return new Set(boxes.filter(box => !box.checked).map(box => box.dataset.edges))
}

function paint () {
  const drawing = draw(picture, { titles: title, hidden: hidden() })
  for (const node of drawing.querySelectorAll('[data-step]')) {
    const step = find(node.dataset.step)
    node.setAttribute('aria-label', [...node.querySelectorAll('text')].map(line => line.textContent).join('') + `. ${step.text ?? ''}`)
    node.onclick = () => choose(step.id)
    node.onkeydown = event => {
      if (event.key !== 'Enter' && event.key !== ' ') return
      event.preventDefault()
      choose(step.id)
    }
  }
  $('canvas').replaceChildren(drawing)
  zoom(scale)
  mark(location.hash.slice(1))
}

const find = id => picture.nodes.find(n => n.id === id)
const shape = () => $('canvas').firstElementChild

// zoom keeps what is in the middle there.
function zoom (to) {
  const canvas = $('canvas')
  const middle = { x: (canvas.scrollLeft + canvas.clientWidth / 2) / scale, y: (canvas.scrollTop + canvas.clientHeight / 2) / scale }
  scale = Math.min(largest, Math.max(smallest, to))
  shape().setAttribute('width', shape().dataset.width * scale)
  shape().setAttribute('height', shape().dataset.height * scale)
  canvas.scrollTo(middle.x * scale - canvas.clientWidth / 2, middle.y * scale - canvas.clientHeight / 2)
}

const widthScale = () => ($('canvas').clientWidth - 4) / shape().dataset.width

// mark shows which step is chosen, and the ways to and from it.
function mark (id) {
  for (const node of document.querySelectorAll('[data-step]')) node.setAttribute('aria-pressed', node.dataset.step === id)
  for (const edge of document.querySelectorAll('[data-from]')) {
    edge.classList.toggle('near', edge.dataset.from === id || edge.dataset.to === id)
  }
}

function choose (id) {
  const step = find(id)
  if (!step) return
  history.replaceState(null, '', '#' + encodeURIComponent(id))
  mark(id)
  $('step').replaceChildren(...describe(step))
  const node = [...document.querySelectorAll('[data-step]')].find(n => n.dataset.step === id)
  node?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  if (matchMedia('(max-width: 64rem)').matches) $('step').scrollIntoView({ block: 'nearest' })
}

// describe says all that is known of a step.
function describe (step) {
  const list = make('dl')
  const row = (label, ...nodes) => {
    if (!nodes.length) return
    const value = make('dd')
    value.append(...nodes)
    list.append(make('dt', '', label), value)
  }
  if (step.slot) row(say('step.slot'), step.slot)
  if (step.choices) row(say('step.choices'), ...lines(step.choices))
  if (step.sets) row(say('step.sets'), ...lines(step.sets))
  if (step.article) row(say('step.article'), step.article)
  if (step.calls) row(say('step.calls'), link(step.calls))
  if (step.spoken) row(say('step.spoken'), step.spoken)
  if (step.teaches) row(say('step.teaches'), step.teaches.join(', '))
  if (step.passed) row(say('step.passed'), say('step.counts', step.passed.arrived, step.passed.left, step.passed.agent, step.passed.missed))
  if (step.place) row(say('step.place'), step.place)
  const parts = [make('h2', '', title(step))]
  if (step.verifies) parts.push(make('p', 'badge high', say('step.verifies')))
  if (step.requires) parts.push(make('p', 'badge high', say('step.requires')))
  if (step.text) {
    const words = make('p', 'words')
    words.append(...bold(step.text))
    parts.push(words)
  }
  parts.push(list)
  const ways = picture.edges.filter(e => e.from === step.id).map(way)
  if (ways.length) {
    const all = make('ul', 'outgoing')
    all.append(...ways)
    parts.push(make('h3', '', say('step.ways')), all)
  }
  return parts
}

const lines = texts => texts.map(text => make('div', '', text))

function link (to) {
  const node = make('a', '', to)
  node.href = here + encodeURIComponent(to)
  return node
}

// way is a line of the list of what comes after a step.
function way (edge) {
  const item = make('li')
  const reason = edge.label || say(edge.kind === 'agent' ? 'way.agent' : find(edge.from).kind === 'ask' ? 'way.answered' : 'way.next')
  item.append(make('span', 'meta', reason + ' → '))
  if (edge.from === edge.to) item.append(say('step.repeat'))
  else {
    const button = make('button', 'plain', title(find(edge.to)))
    button.onclick = () => choose(edge.to)
    item.append(button)
  }
  if (edge.says) item.append(make('p', 'words', edge.says))
  return item
}

function listSteps () {
  const list = document.querySelector('#steps ol')
  list.append(...picture.nodes.filter(n => n.place).map(step => {
    const button = make('button', 'plain', title(step))
    button.onclick = () => choose(step.id)
    const item = make('li')
    item.append(button)
    return item
  }))
}

async function copy () {
  $('mermaid').select()
  await navigator.clipboard?.writeText(picture.mermaid) // only over https and on this machine; else what is selected can be copied
  $('copy').textContent = say('flow.copied')
}

// Dragging moves the picture, as its scroll bars do.
$('canvas').onpointermove = event => {
  if (event.pointerType !== 'mouse' || event.buttons !== 1) return
  $('canvas').scrollBy(-event.movementX, -event.movementY)
}
$('canvas').addEventListener('wheel', event => {
  if (!event.ctrlKey) return
  event.preventDefault()
  zoom(scale * (event.deltaY < 0 ? 1.1 : 1 / 1.1))
}, { passive: false })
$('closer').onclick = () => zoom(scale * 1.25)
$('farther').onclick = () => zoom(scale / 1.25)
$('fit').onclick = () => zoom(widthScale())
$('copy').onclick = copy
for (const box of document.querySelectorAll('[data-edges]')) box.onchange = paint

const response = await fetch(`/console/api/content/${encodeURIComponent(version)}/flows/${encodeURIComponent(flow)}`, { cache: 'no-store' })
if (response.status === 401) location.assign('/console/login')
if (response.ok) {
  picture = await response.json()
  $('mermaid').value = picture.mermaid
  listSteps()
  paint()
  zoom(Math.min(1, Math.max(0.6, widthScale())))
  document.querySelector('[data-step]').scrollIntoView({ block: 'nearest', inline: 'center' })
  choose(decodeURIComponent(location.hash.slice(1)))
} else {
  $('told').textContent = say('flow.failed')
  $('told').hidden = false
}
