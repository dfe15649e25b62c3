// What became of what was sent, beside each message.

import { $, make, name } from './page.js'
import { desk } from './server.js'

export function paintReceipts () {
  for (const { seq, stage, code } of desk.talks.get(desk.chosen)?.case.receipts ?? []) {
    const head = $('log').querySelector(`[data-key="${seq}"] > .meta`)
    if (!head || head.dataset.stage === stage) continue
    head.dataset.stage = stage
    head.querySelector('.receipt')?.remove()
    head.append(make('span', 'receipt', ' · ' + name('receipt', stage) + (code ? ` (${code})` : '')))
  }
}
