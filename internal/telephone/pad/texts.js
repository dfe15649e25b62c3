'use strict';

// The messages that a call goes on with: whoever has the page has all telephones of
// this machine, so that a number that was keyed in can be answered for as well.

let last = null; // the letter that is answered

// receive shows letters as they come, from the time at which the page was opened.
async function receive() {
  for (let after = -1; ;) {
    try {
      const response = await fetch('/phone/texts?after=' + after, {cache: 'no-store'});
      if (!response.ok) return;
      const {letters} = await response.json();
      if (after >= 0) letters.forEach(arrived);
      after = letters.length ? letters[letters.length - 1].n : Math.max(after, 0);
    } catch (gone) {
      await new Promise(resolve => setTimeout(resolve, 3000));
    }
  }
}

function arrived(letter) {
  last = letter;
  write(letter.over, letter.text, /[\u4e00-\u9fff]/.test(letter.text) ? 'zh' : 'en');
  $('write').hidden = false;
  show(state);
}

async function send(note, shown) {
  let sent = false;
  try {
    const body = JSON.stringify({over: last.over, from: last.to, ...note});
    sent = (await fetch('/phone/texts', {method: 'POST', headers: {'Content-Type': 'application/json'}, body})).ok;
  } catch (gone) { /* it is said below */ }
  if (sent) write('you', shown);
  else $('state').textContent = word('unsent');
  return sent;
}

$('write').onsubmit = async event => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (text && await send({text}, text)) $('text').value = '';
};
$('picture').onchange = () => {
  const [file] = $('picture').files;
  $('picture').value = '';
  if (!file) return;
  const reader = new FileReader();
  reader.onload = () => send({picture: reader.result.split(',')[1], kind: file.type}, word('sent'));
  reader.readAsDataURL(file);
};
receive();
