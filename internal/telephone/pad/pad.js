'use strict';

// The keys, with what some of them do at any time.
const KEYS = [['1'], ['2'], ['3'], ['4'], ['5'], ['6'], ['7'], ['8'], ['9', 'repeatKey'], ['*', 'languageKey'], ['0', 'agentKey'], ['#', 'finishKey']];

const $ = id => document.getElementById(id);
const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;

let language = (location.hash.slice(1) || navigator.language || 'zh').slice(0, 2) === 'zh' ? 'zh' : 'en';
let state = 'ready'; // a word of WORDS
let socket = null;   // of the call, null between calls
let ended = false;   // the server said so
let expects = 1;     // keys that the question takes; 0 for any number, up to #
let typed = '';
let spoken = '';     // the language in which the bot speaks, as browsers call it
let recogniser = null;

const word = (name, ...args) => {
  const text = WORDS[language][name];
  return typeof text === 'function' ? text(...args) : text;
};

function show(name) {
  state = name;
  if ($('state').textContent !== word(name)) $('state').textContent = word(name);
  $('call').hidden = socket !== null;
  $('hangup').hidden = socket === null;
  document.body.classList.toggle('writing', socket === null && !$('write').hidden);
  $('call').textContent = word(state === 'ready' ? 'call' : 'again');
  for (const b of document.querySelectorAll('#keys button, #silence, #say button')) b.disabled = socket === null;
}

function translate() {
  document.documentElement.lang = language;
  document.title = word('title');
  for (const e of document.querySelectorAll('[data-word]')) e.textContent = word(e.dataset.word);
  for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', word(e.dataset.label));
  for (const e of document.querySelectorAll('[data-hint]')) e.placeholder = word(e.dataset.hint);
  for (const b of document.querySelectorAll('.languages button')) b.setAttribute('aria-pressed', String(b.value === language));
  for (const small of document.querySelectorAll('#keys small')) small.textContent = word(small.dataset.key);
  show(state);
}

// write adds a line to what is heard.
function write(who, text, lang) {
  const line = document.createElement('p');
  line.className = who;
  line.lang = lang || language;
  const name = document.createElement('span');
  name.className = 'who';
  name.lang = language;
  name.textContent = word(who);
  line.append(name, text);
  $('log').append(line);
  $('log').scrollTop = $('log').scrollHeight;
}

function speak(text, lang) {
  if ($('aloud').getAttribute('aria-pressed') !== 'true') return;
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = lang;
  speech.rate = 0.9;
  speechSynthesis.speak(speech);
}

function hush() {
  if (window.speechSynthesis) speechSynthesis.cancel();
}

function call() {
  if (socket) return;
  $('log').textContent = '';
  ended = false;
  clear();
  const line = new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/phone/line');
  let connected = false;
  socket = line;
  line.onopen = () => { connected = true; };
  line.onmessage = message => heard(JSON.parse(message.data));
  line.onclose = () => over(ended ? 'ended' : connected ? 'lost' : 'full');
  show('dialling');
}

// over is the end of a call.
function over(name) {
  socket = null;
  stopListening();
  clear();
  show(name);
}

function heard(event) {
  if (event.say) {
    spoken = event.language;
    write('bot', event.say, event.language);
    speak(event.say, event.language);
    if (state === 'dialling') show('talking');
  }
  if (event.listen) {
    expects = event.keys || 0;
    show(expects === 1 ? 'listening' : expects ? 'number' : 'freely');
  }
  if (event.ended) ended = true;
}

// answer sends what the caller does, and shows it.
function answer(frame, shown) {
  if (!socket || socket.readyState !== WebSocket.OPEN) return;
  hush();
  clear();
  write('you', shown);
  socket.send(JSON.stringify(frame));
  show('talking');
}

function clear() {
  typed = '';
  $('typed').textContent = '';
}

// press takes one key. A number is sent when it is complete.
function press(key) {
  if (!socket) return;
  if (expects === 1 || key === '*') return answer({keys: key}, word('pressed', key));
  if (key !== '#') {
    typed += key;
    $('typed').textContent = typed;
  }
  if (typed && (key === '#' || typed.length === expects)) answer({keys: typed}, word('pressed', typed));
}

function hangUp() {
  if (!socket) return;
  hush();
  ended = true;
  if (socket.readyState === WebSocket.OPEN) socket.send('{"hangup":true}');
  else socket.close();
}

function say(text) {
  if (text.trim()) answer({say: text.trim()}, text.trim());
}

// listen hears one sentence, where the browser can.
function listen() {
  if (recogniser) return stopListening();
  hush();
  const ear = recogniser = new Recognition();
  ear.lang = spoken || (language === 'zh' ? 'zh-CN' : 'en-US');
  ear.onresult = event => say(event.results[0][0].transcript);
  ear.onerror = event => { $('state').textContent = word(event.error === 'not-allowed' ? 'microphone' : 'deaf'); };
  ear.onend = stopListening;
  $('speak').setAttribute('aria-pressed', 'true');
  ear.start();
}

function stopListening() {
  const ear = recogniser;
  recogniser = null;
  $('speak').setAttribute('aria-pressed', 'false');
  if (ear) ear.stop();
}

for (const [key, does] of KEYS) {
  const button = document.createElement('button');
  button.type = 'button';
  button.value = key;
  button.append(key);
  if (does) {
    const small = document.createElement('small');
    small.dataset.key = does;
    button.append(small);
  }
  button.onclick = () => press(key);
  $('keys').append(button);
}

for (const b of document.querySelectorAll('.languages button')) {
  b.onclick = () => { language = b.value; translate(); };
}
$('call').onclick = () => { call(); $('hangup').focus(); };
$('hangup').onclick = () => { hangUp(); };
$('silence').onclick = () => answer({silence: true}, word('silent'));
$('say').onsubmit = event => {
  event.preventDefault();
  say($('words').value);
  $('words').value = '';
};
$('aloud').hidden = !window.speechSynthesis;
$('aloud').onclick = () => {
  const on = $('aloud').getAttribute('aria-pressed') !== 'true';
  $('aloud').setAttribute('aria-pressed', String(on));
  if (!on) hush();
};
$('speak').hidden = !Recognition;
$('speak').onclick = listen;

// The keys of the keyboard are those of the telephone, but while somebody types.
document.addEventListener('keydown', event => {
  if (event.target.localName === 'input' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9*#]$/.test(event.key)) press(event.key);
});
window.addEventListener('pagehide', hush);

translate();
