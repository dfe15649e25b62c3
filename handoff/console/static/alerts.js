// Tells the agent of what waits: a tone, a notification of the browser, and a ring
// that goes on for offers and urgent cases until somebody looks. What is wanted is kept in the
// browser for each agent, as loudspeaker and permission are the browser's.

import { $, name, put, say } from './page.js'
import { desk } from './server.js'
import { waitsFor } from './offer.js'
import { holds } from './states.js'
import { unread } from './unread.js'

const place = `${desk.agent}/alerts`
const wanted = { sound: true, notify: true, asked: false, ...JSON.parse(localStorage.getItem(place) ?? '{}') }
const again = 4000 // ms from ring to ring
const known = new Set() // cases that were told of
const seen = new Set() // urgent cases at which the agent has looked
let unreadBefore = 0
let first = true // what is there when the page opens is not news
let ringing = 0
let audio = null

// tone plays a short sound; it fails silently until the agent has touched the page.
function tone (...frequencies) {
  audio ??= new AudioContext()
  if (audio.state === 'suspended') audio.resume().catch(() => {})
  frequencies.forEach((frequency, i) => {
    const [from, oscillator, gain] = [audio.currentTime + i * 0.18, audio.createOscillator(), audio.createGain()]
    oscillator.frequency.value = frequency
    gain.gain.setValueAtTime(0.15, from)
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.16)
    oscillator.connect(gain).connect(audio.destination)
    oscillator.start(from)
    oscillator.stop(from + 0.17)
  })
}

const allowed = () => 'Notification' in window && Notification.permission === 'granted'

// notify shows nothing of what people said: a screen may be seen by others.
function notify (text, tag) {
  if (!wanted.notify || !allowed() || !document.hidden) return
  new Notification(say('title'), { body: text, tag }).onclick = () => window.focus()
}

// alertTo compares what is there with what was.
export function alertTo () {
  const waiting = desk.waiting.filter(c => c.state === 'waiting')
  const news = waiting.filter(c => !known.has(c.id))
  for (const c of waiting) known.add(c.id)
  const count = desk.mine.filter(holds).reduce((sum, c) => sum + unread(c), 0)
  if (!first && news.length) {
    const text = say('alert.waiting', [name('priority', news[0].priority), name('channel', news[0].channel)].join(' · '))
    put($('news'), text)
    if (wanted.sound) tone(660, 880)
    notify(text, 'waiting')
  }
  if (!first && count > unreadBefore) {
    if (wanted.sound) tone(520)
    notify(say('alert.unread', count), 'unread')
  }
  unreadBefore = count
  first = false
  if (desk.chosen && !document.hidden) seen.add(desk.chosen)
  ring()
}

// ring goes on as long as this agent is asked to take a case, or an urgent case
// waits at which the agent has not looked.
function ring () {
  const calls = [...waitsFor(), ...desk.waiting.filter(c => c.priority === 'urgent' && c.state === 'waiting')].filter(c => !seen.has(c.id))
  $('hush').hidden = !calls.length || !wanted.sound
  if (!$('hush').hidden) {
    ringing ||= setInterval(() => tone(880, 660, 880), again)
  } else {
    clearInterval(ringing)
    ringing = 0
  }
}

$('hush').onclick = () => {
  for (const c of [...waitsFor(), ...desk.waiting]) seen.add(c.id)
  ring()
}

// The settings, shown by themselves when a shift begins and nothing was said yet.

function save () {
  localStorage.setItem(place, JSON.stringify(wanted))
  paint()
}

function paint () {
  $('alert-sound').checked = wanted.sound
  $('alert-notify').checked = wanted.notify && allowed()
  put($('alert-state'), 'Notification' in window && Notification.permission === 'denied' ? say('alert.denied') : '')
}

$('alert-sound').onchange = () => { wanted.sound = $('alert-sound').checked; save(); ring() }
$('alert-notify').onchange = async () => {
  wanted.notify = $('alert-notify').checked
  if (wanted.notify && 'Notification' in window && Notification.permission === 'default') await Notification.requestPermission()
  save()
}
$('alert-test').onclick = () => {
  tone(660, 880)
  if (wanted.notify && allowed()) new Notification(say('title'), { body: say('alert.tested'), tag: 'test' })
}

function show (open) {
  $('alerts').hidden = !open
  $('alert-open').setAttribute('aria-expanded', open)
}

$('alert-open').onclick = () => show($('alerts').hidden)
$('alert-done').onclick = () => {
  wanted.asked = true
  save()
  show(false)
  $('alert-open').focus()
}
show(!wanted.asked)
paint()
