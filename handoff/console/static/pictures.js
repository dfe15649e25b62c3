// The pictures that the merchant of the chosen case has sent. One that cannot be
// shown is named with the reason, so that the agent can ask for it.

import { $, make, name, same, say } from './page.js'
import { casePath, desk } from './server.js'

export function paintPictures () {
  const c = desk.talks.get(desk.chosen)?.case
  const all = c?.pictures ?? []
  $('pictures').hidden = !all.length
  if (same($('pictures-list'), [c?.id, all])) return
  $('pictures-list').replaceChildren(...all.map(picture => row(c, picture)))
}

function row (c, { id, at, state }) {
  const node = make('li')
  const when = new Date(at).toLocaleString(document.documentElement.lang)
  if (state === 'here') {
    const image = make('img')
    image.src = '/console/api/' + casePath(c.id, '/pictures/' + encodeURIComponent(id))
    image.alt = say('pictures.one', when)
    image.loading = 'lazy'
    const link = make('a') // by itself it is as large as it is
    link.href = image.src
    link.target = '_blank'
    link.rel = 'noopener'
    link.append(image)
    node.append(link)
  } else {
    node.append(name('picture', state))
  }
  node.append(' ', make('span', 'meta', when))
  return node
}
