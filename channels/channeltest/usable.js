// What a browser alone can tell of WCAG 2.2 AA. Each function returns what is wrong,
// in words, '' for nothing.
window.usable = (() => {
  const name = e => `<${e.localName}${e.id && '#' + e.id}${typeof e.className === 'string' && '.' + e.className}> ${(e.innerText || e.ariaLabel || e.value || '').slice(0, 40)}`
  const roots = () => [document, ...[...document.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean)]
  const all = () => roots().flatMap(root => [...root.querySelectorAll('body *, :host *')]).filter(e => e.checkVisibility?.({ visibilityProperty: true }))
  const parent = e => e.parentElement ?? e.getRootNode().host
  const within = (e, test) => { for (let at = parent(e); at; at = parent(at)) if (test(at)) return true; return false }
  const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowX)
  const clips = e => /hidden|clip/.test(getComputedStyle(e).overflow)
  // what is kept for screen readers alone is a pixel wide
  const unseen = e => e.getBoundingClientRect().width <= 1 || within(e, at => at.getBoundingClientRect().width <= 1)

  // 1.4.10: nothing sticks out to the side but what scrolls by itself, such as a table.
  function reflow () {
    if (document.scrollingElement.scrollWidth <= innerWidth + 1) return ''
    return 'the page is wider than the window: ' + all().filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !within(e, scrolls)).slice(0, 3).map(name).join(', ')
  }

  // 1.4.12: with more room between lines, letters and words no text is cut off, but for
  // excerpts, of which the whole is elsewhere.
  function spacing () {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }')
    for (const root of roots()) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    const cut = all().filter(e => clips(e) && getComputedStyle(e).webkitLineClamp === 'none' && !unseen(e) && e.innerText?.trim() && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) &&
      [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim()))
    const wrong = cut.length ? 'text is cut off: ' + cut.slice(0, 3).map(name).join(', ') : reflow()
    for (const root of roots()) root.adoptedStyleSheets = root.adoptedStyleSheets.filter(s => s !== sheet)
    return wrong
  }

  // 2.5.8: 24 pixels, or as much around it; links in a line of text are exempt.
  function targets () {
    const own = e => e.closest('label') ?? e
    const list = [...new Set(all().filter(e => e.matches('button, a[href], input, select, textarea, summary, [role=switch]') && !unseen(e)).map(own))]
    const box = e => e.getBoundingClientRect()
    const small = list.filter(e => {
      const b = box(e)
      if (b.width >= 24 && b.height >= 24) return false
      if (getComputedStyle(e).display === 'inline' && e.localName === 'a' && parent(e).innerText.trim() !== e.innerText.trim()) return false
      const [x, y] = [b.x + b.width / 2, b.y + b.height / 2]
      return list.some(o => { const r = box(o); return o !== e && !o.contains(e) && !e.contains(o) && Math.hypot(Math.max(r.x - x, 0, x - r.right), Math.max(r.y - y, 0, y - r.bottom)) < 12 })
    })
    return small.length ? 'targets are too small: ' + small.slice(0, 3).map(name).join(', ') : ''
  }

  // 2.3.3 and prefers-reduced-motion: nothing moves.
  function still () {
    const moving = document.getAnimations().filter(a => a.effect.getComputedTiming().duration > 50)
    return moving.length ? 'it moves: ' + moving.slice(0, 3).map(a => name(a.effect.target)).join(', ') : ''
  }

  // 2.4.7 and 2.4.11: what has the focus shows that, and something of it is in sight.
  // "again" once the focus has gone around.
  let visited = new Set()
  function focus () {
    let e = document.activeElement
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement
    if (!e || e === document.body || visited.has(e)) { visited = new Set(); return 'again' }
    visited.add(e)
    const b = e.getBoundingClientRect()
    const [left, right] = [Math.max(b.left, 0), Math.min(b.right, innerWidth)]
    const [top, bottom] = [Math.max(b.top, 0), Math.min(b.bottom, innerHeight)]
    if (right - left < 1 || bottom - top < 1) return 'the focus is out of sight: ' + name(e)
    const parts = [0.1, 0.3, 0.5, 0.7, 0.9]
    const mine = hit => hit && (hit === e || e.contains(hit) || hit.closest('label')?.contains(e))
    if (!parts.some(x => parts.some(y => mine(e.getRootNode().elementFromPoint(left + x * (right - left), top + y * (bottom - top)))))) return 'the focus is covered: ' + name(e)
    const style = getComputedStyle(e)
    const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
    if (e instanceof SVGElement) return [...e.children].some(c => parseFloat(getComputedStyle(c).strokeWidth) >= 3) ? '' : 'the focus does not show: ' + name(e)
    return shown || style.boxShadow !== 'none' ? '' : 'the focus does not show: ' + name(e)
  }

  return { reflow, spacing, targets, still, focus }
})()
