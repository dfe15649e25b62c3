// Breaks words into lines, which SVG does not do by itself.

const pen = document.createElement('canvas').getContext('2d')
pen.font = `13px ${getComputedStyle(document.body).fontFamily}`
const pieces = new Intl.Segmenter(document.documentElement.lang, { granularity: 'word' })
const closing = /^[\p{Pe}\p{Pf}\p{Po}]$/u // never at the beginning of a line

export const widthOf = text => pen.measureText(text).width

// wrap returns at most most lines, each no wider than width px; what does not
// fit is cut off with an ellipsis.
export function wrap (text, width, most) {
  const lines = []
  const plain = text.replaceAll('**', '').trim()
  if (!plain) return lines
  for (const paragraph of plain.split(/\n+/)) {
    let now = ''
    for (const { segment } of pieces.segment(paragraph)) {
      if (now && widthOf(now + segment) > width && !closing.test(segment)) {
        lines.push(now.trim())
        now = ''
      }
      now += segment
      if (lines.length > most) break
    }
    lines.push(now.trim())
    if (lines.length > most) break
  }
  if (lines.length <= most) return lines.map(l => fit(l, width))
  const kept = lines.slice(0, most)
  kept.push(fit(kept.pop(), width - widthOf('…')) .replace(/…$/, '') + '…')
  return kept.map(l => fit(l, width))
}

// fit cuts off what is wider than a line even alone, such as a long address.
function fit (text, width) {
  if (widthOf(text) <= width + 2) return text
  let cut = text
  while (cut && widthOf(cut + '…') > width) cut = cut.slice(0, -1)
  return cut + '…'
}
