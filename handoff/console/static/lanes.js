// The ways that run beside the picture, not through it.

import { svg, way } from './svg.js'
import { widthOf, wrap } from './wrap.js'

const apart = 14 // between two lanes, px, and between two ways out of a step

// heightFor is the room that a step needs for the lanes that it leads to.
export const heightFor = edges => edges.length * apart + 12

// besides draws edges in lanes right of the picture, one lane for each step that
// they lead to. node finds a step's place. It returns what to draw, and where the
// lanes end.
export function besides (edges, node, right) {
  if (!edges.length) return { drawn: [], end: right }
  const leaving = {} // how many ways have left a step, so that each has a height of its own
  const stubs = edges.map(e => {
    const { x, y, width, height } = node(e.from)
    const nth = leaving[e.from] = (leaving[e.from] ?? -1) + 1
    const words = e.kind === 'branch' ? wrap(e.labels.join(' / '), 150, 1)[0] : undefined
    return { ...e, words, x: x + width / 2 - 6, y: y + height / 2 - 6 - nth * apart }
  })
  const room = Math.max(0, ...stubs.map(s => s.words ? widthOf(s.words) + 12 : 0))
  const lanes = Object.values(Object.groupBy(stubs, s => `${s.kind} ${s.to}`))
  const drawn = lanes.flatMap((together, nth) => drawLane(together, node(together[0].to), right + room + (nth + 1) * apart, (nth % 3 - 1) * 6))
  drawn.push(...stubs.filter(s => s.words).map(s => {
    const g = svg('g', { class: 'edge', 'data-from': s.from, 'data-to': s.to })
    g.append(svg('text', { x: right + 6, y: s.y - 4, class: 'edge-label' }, s.words))
    return g
  }))
  return { drawn, end: right + room + lanes.length * apart + 12 }
}

// drawLane leads from several steps along a lane to another one. What they share
// is drawn once; each way alone is there as well, to be shown when it is looked
// at. shift keeps two lanes from arriving at one height.
function drawLane (stubs, to, x, shift) {
  const { kind } = stubs[0]
  const goal = to.y + shift
  const arrival = `Q ${x} ${goal} ${x - 8} ${goal} H ${to.x + to.width / 2}`
  const turn = s => s.y + Math.sign(goal - s.y) * 8
  const path = s => `M ${s.x} ${s.y} H ${x - 8} Q ${x} ${s.y} ${x} ${turn(s)}`
  const top = Math.min(...stubs.map(turn), goal - 8)
  const bottom = Math.max(...stubs.map(turn), goal + 8)
  const above = stubs.some(s => s.y < goal)
  const below = stubs.some(s => s.y >= goal)
  const shared = svg('g', { class: `edge edge-${kind}` })
  shared.append(svg('path', { class: 'edge-line', d: stubs.map(path).join(' ') + ` M ${x} ${above ? top : goal + 8} V ${below ? bottom : goal - 8}` }))
  shared.append(svg('path', { class: 'edge-line', d: `M ${x} ${goal + (above ? -8 : 8)} ${arrival}`, 'marker-end': `url(#arrow-${kind})` }))
  return [shared, ...stubs.map(s => {
    const alone = way(s.from, s.to, kind, `${path(s)} V ${goal - Math.sign(goal - s.y) * 8} ${arrival}`)
    alone.classList.add('edge-alone')
    return alone
  })]
}
