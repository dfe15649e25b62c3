// Tables whose rows are cards on a telephone; see content.css.

const kinds = { col: 'columnheader', row: 'rowheader' }

// cards tells each cell the name of its column, which stands before it on a card. What
// is not laid out as a table need not be one to a screen reader, unless roles say so.
export function cards (table) {
  table.setAttribute('role', 'table')
  for (const part of [table.tHead, ...table.tBodies]) part.setAttribute('role', 'rowgroup')
  const columns = [...table.tHead.rows[0].cells].map(head => head.textContent)
  for (const row of table.rows) {
    row.setAttribute('role', 'row')
    for (const [i, cell] of [...row.cells].entries()) {
      cell.setAttribute('role', kinds[cell.scope] ?? 'cell')
      cell.dataset.column = columns[i]
    }
  }
}
