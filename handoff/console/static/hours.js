// When the desk is open: reads the form, and shows what the server says of it.

import { blame, forgive, problem } from './fields.js'
import { $, put, say } from './page.js'
import { call } from './server.js'

// spans reads "09:00-12:00, 13:30-18:00", however the marks between are typed. What is
// no time is for the server to refuse.
function spans (text) {
  return text.replace(/：/g, ':').replace(/\s*[–—~～至到－]\s*/g, '-').split(/[,，、;；\s]+/).filter(Boolean).map(part => {
    const [from, to = ''] = part.split('-')
    return { from: clock(from), to: clock(to) }
  })
}

const clock = text => /^\d:\d\d$/.test(text) ? '0' + text : text

const rows = () => [...$('dates').children]
const field = (row, name) => row.querySelector(`[name=${name}]`)

$('always').onchange = () => { $('week').hidden = $('always').checked }

$('add-date').onclick = () => {
  $('dates').append($('date').content.cloneNode(true))
  field(rows().at(-1), 'date').focus()
}

$('dates').onclick = event => {
  if (event.target.name !== 'drop') return
  event.target.closest('li').remove()
  $('add-date').focus()
}

// twice is a row whose date another one has too.
const twice = () => rows().find((row, i) => rows().findIndex(other => field(other, 'date').value === field(row, 'date').value) < i)

function read () {
  const hours = { zone: $('zone').value.trim(), most: Number($('most').value), dates: {}, names: {} }
  if (!$('always').checked) {
    hours.week = Object.fromEntries([...document.querySelectorAll('[data-day]')].map(input => [input.dataset.day, spans(input.value)]))
  }
  for (const row of rows()) {
    const date = field(row, 'date').value
    hours.dates[date] = spans(field(row, 'spans').value)
    if (field(row, 'name').value.trim()) hours.names[date] = field(row, 'name').value.trim()
  }
  return hours
}

// at finds the field that the server names, such as week.mon.0 or dates.2026-10-01.
function at (name) {
  const [part, key] = name.split('.')
  const row = rows().find(row => field(row, 'date').value === (key ?? ''))
  if (row && part === 'names') return field(row, 'name')
  if (row && part === 'dates') return field(row, key ? 'spans' : 'date')
  return document.querySelector(`input[data-field="${part}.${key}"], input[data-field="${part}"]`) ?? document.querySelector(`[data-field="${part}"] [data-field]`)
}

$('hours').onsubmit = async event => {
  event.preventDefault()
  forgive($('hours'))
  $('hours-told').hidden = true
  if (twice()) return blame(field(twice(), 'date'), say('problem.twice'))
  try {
    await call('hours', read(), 'PUT')
    location.assign('/console/hours?saved')
  } catch (err) {
    const input = err.field && at(err.field)
    if (input) return blame(input, problem(err))
    put($('hours-told'), problem(err))
    $('hours-told').hidden = false
  }
}

$('saved')?.focus()
