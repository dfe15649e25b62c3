// What every part of a picture is made of.

export function svg (tag, attributes, text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  if (text !== undefined) node.textContent = text
  return node
}

// way is one edge of the picture.
export function way (from, to, kind, d) {
  const g = svg('g', { class: `edge edge-${kind}`, 'data-from': from, 'data-to': to })
  g.append(svg('path', { d, class: 'edge-line', 'marker-end': `url(#arrow-${kind})` }))
  return g
}
