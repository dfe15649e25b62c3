// What all pages of the content do: they show times as the reader's clock has
// them, and keep the cases of an agent who looks something up. A box for all boxes
// of a name is shown where it works.

for (const node of document.querySelectorAll('time')) {
  node.textContent = new Date(node.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
}

setInterval(() => fetch('/console/api/heartbeat', { method: 'POST' }).catch(() => {}), 20000)

for (const all of document.querySelectorAll('[data-all]')) {
  all.parentElement.hidden = false
  all.addEventListener('change', () => {
    for (const box of document.getElementsByName(all.dataset.all)) box.checked = all.checked
  })
}
