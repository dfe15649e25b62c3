// Draws a flow as SVG: dagre finds the places, everything else is drawn here.

import { Graph, layout } from './vendor/dagre.esm.js'
import { besides, heightFor } from './lanes.js'
import { drawNode, measure } from './nodes.js'
import { svg, way } from './svg.js'
import { widthOf, wrap } from './wrap.js'

// draw returns the picture as an SVG element. Each step is a g with data-step,
// and each way a g with data-from and data-to. titles names what a step is;
// hidden holds the kinds of edges that are left out.
//
// dagre lays out what happens when all goes well. Everything else runs beside
// it in lanes, one for each step that it leads to, since it would pull the
// picture apart: nearly every question leads to an agent.
export function draw (picture, { titles, hidden }) {
  const ways = picture.edges.filter(e => e.from !== e.to)
  const shown = merge(ways.filter(e => !hidden.has(e.kind)))
  const met = new Set(shown.flatMap(e => [e.from, e.to]))
  const nodes = picture.nodes.filter(n => n.place || met.has(n.id)).map(n => measure(n, titles(n)))
  const trial = backbone(merge(ways).filter(e => nodes.some(n => n.step.id === e.to)))
  const kept = near(trial, arrange(nodes, trial))
  const inside = shown.filter(e => kept.some(k => k.from === e.from && k.to === e.to))
  const beside = shown.filter(e => !inside.includes(e))
  for (const n of nodes) n.height = Math.max(n.height, heightFor(beside.filter(e => e.from === n.step.id)))

  const graph = arrange(nodes, kept)
  const { left, right } = bounds(graph)
  const { drawn, end } = besides(beside, id => graph.node(id), right)
  const { height } = graph.graph()
  const root = svg('svg', { viewBox: `${left} 0 ${end - left} ${height}`, 'data-width': end - left, 'data-height': height, role: 'group' })
  root.append(arrows(), ...drawn)
  root.append(...inside.map(e => drawEdge(e, graph.edge(e.from, e.to))))
  root.append(...graph.nodes().map(id => drawNode(graph.node(id))))
  return root
}

function arrange (nodes, edges) {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 34, marginx: 12, marginy: 12 })
  for (const n of nodes) graph.setNode(n.step.id, { ...n })
  for (const e of edges) graph.setEdge(e.from, e.to, { ...label(e), labelpos: 'c' })
  layout(graph)
  return graph
}

// backbone picks the edges that the layout follows: those of a conversation in
// which all goes well, and for a step that is not reached so the first other
// edge that leads to it.
function backbone (edges) {
  const picked = edges.filter(e => e.kind === 'next' || e.kind === 'branch')
  const reached = new Set(picked.map(e => e.to))
  for (const e of edges) {
    if (reached.has(e.to)) continue
    reached.add(e.to)
    picked.push(e)
  }
  return picked
}

const far = 8 // ranks of dagre, which counts two for every step down

// near leaves out the edges that lead far up or down to a step which is reached
// from nearer by too: many such edges make a staircase of the picture.
function near (edges, graph) {
  const length = e => Math.abs(graph.node(e.to).rank - graph.node(e.from).rank)
  const nearest = new Map()
  for (const e of edges) nearest.set(e.to, Math.min(length(e), nearest.get(e.to) ?? Infinity))
  return edges.filter(e => length(e) <= far || length(e) === nearest.get(e.to))
}

// bounds is how far the picture reaches: dagre counts the nodes only, and edges
// may pass beside them.
function bounds (graph) {
  const xs = graph.edges().flatMap(e => graph.edge(e).points).map(p => p.x)
  return { left: Math.min(0, ...xs.map(x => x - 8)), right: Math.max(graph.graph().width, ...xs.map(x => x + 8)) }
}

// label finds the words at an edge and the room that they take.
function label (e) {
  const lines = e.kind === 'branch' ? wrap(e.labels.join(' / '), 130, 3) : []
  return lines.length ? { lines, width: Math.max(...lines.map(widthOf)) + 8, height: lines.length * 15 + 6 } : { lines }
}

// merge makes one edge of all that lead from one step to another, as the
// strongest of their kinds.
function merge (edges) {
  const order = ['next', 'branch', 'ladder', 'agent']
  const merged = new Map()
  for (const e of edges) {
    const key = e.from + ' ' + e.to
    const one = merged.get(key) ?? { from: e.from, to: e.to, kind: e.kind, labels: [] }
    if (order.indexOf(e.kind) < order.indexOf(one.kind)) one.kind = e.kind
    if (e.kind === 'branch' && e.label) one.labels.push(e.label)
    merged.set(key, one)
  }
  return [...merged.values()]
}

function drawEdge ({ from, to, kind }, { points, lines, x, y, width, height }) {
  const g = way(from, to, kind, curve(points))
  if (!lines.length) return g
  g.append(svg('rect', { x: x - width / 2, y: y - height / 2, width, height, rx: 4, class: 'edge-back' }))
  lines.forEach((text, i) => {
    g.append(svg('text', { x, y: y - height / 2 + 15 + i * 15, class: 'edge-label', 'text-anchor': 'middle' }, text))
  })
  return g
}

// curve rounds the corners at the points between the first and the last.
function curve (points) {
  const [first, ...rest] = points
  let d = `M ${first.x} ${first.y}`
  for (let i = 0; i < rest.length - 1; i++) {
    const end = i === rest.length - 2 ? rest[i + 1] : { x: (rest[i].x + rest[i + 1].x) / 2, y: (rest[i].y + rest[i + 1].y) / 2 }
    d += ` Q ${rest[i].x} ${rest[i].y} ${end.x} ${end.y}`
  }
  return rest.length === 1 ? `${d} L ${rest[0].x} ${rest[0].y}` : d
}

function arrows () {
  const defs = svg('defs', {})
  for (const kind of ['next', 'branch', 'ladder', 'agent']) {
    const marker = svg('marker', { id: `arrow-${kind}`, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse', orient: 'auto' })
    marker.append(svg('path', { d: 'M 0 0 L 8 4 L 0 8 z', class: `arrow edge-${kind}` }))
    defs.append(marker)
  }
  return defs
}
