// What all pages of the content do: they show times as the reader's clock has
// them, and keep the cases of an agent who looks something up.

for (const node of document.querySelectorAll('time')) {
  node.textContent = new Date(node.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
}

setInterval(() => fetch('/console/api/heartbeat', { method: 'POST' }).catch(() => {}), 20000)
