// Transcript shows the conversation: messages of the server in the order of
// seq, and below them the person's own that are not delivered yet.
class Transcript {
  constructor(log, on) {
    this.log = log;
    this.on = on; // what to tell: choose, again
    this.items = []; // {element, body, from, text, choices, buttons, entry, retry}
    this.day = dayOf(new Date()); // of the message that came last
    this.frozen = false; // an agent has the conversation: no button does anything
  }

  clear() {
    this.items = [];
    this.day = dayOf(new Date());
    this.log.textContent = '';
  }

  // add shows what came and returns the first element that is new.
  add(messages) {
    let first = null;
    messages.forEach(message => {
      const own = message.reply_to && this.find(message.reply_to);
      if (own) {
        this.deliver(own, message);
        return;
      }
      const item = this.build(message);
      first = first || item.element;
      this.insert(item);
      this.date(item, new Date(message.at));
    });
    this.refresh();
    return first;
  }

  // pend shows a message that is on its way.
  pend(entry) {
    const item = this.build({ from: 'user', text: entry.label || entry.text });
    item.entry = entry;
    item.element.classList.add('pending');
    this.items.push(item);
    this.log.appendChild(item.element);
    this.refresh();
    return item.element;
  }

  // settle removes a message that the server has but does not show.
  settle(id) {
    const item = this.find(id);
    if (!item) return;
    this.items = this.items.filter(other => other !== item);
    this.log.removeChild(item.element);
    this.refresh();
  }

  // late offers to send a message again; it returns false if it does already.
  late(id) {
    const item = this.find(id);
    if (!item || item.retry) return false;
    item.retry = make('button', 'retry');
    item.retry.type = 'button';
    item.retry.dataset.word = 'late';
    item.retry.onclick = () => {
      item.element.removeChild(item.retry);
      item.retry = null;
      this.on.again(item.entry);
    };
    item.element.appendChild(item.retry);
    return true;
  }

  find(id) {
    return this.items.find(item => item.entry && item.entry.id === id);
  }

  // deliver turns a pending message into the server's version of it, in place:
  // a screen reader that has read it does not read it again.
  deliver(item, message) {
    item.entry = null;
    if (item.text !== message.text) { // what was secret in it is masked now
      item.text = message.text;
      item.body.textContent = message.text;
    }
    if (item.retry) item.element.removeChild(item.retry);
    item.element.classList.remove('pending');
    const from = this.items.indexOf(item);
    if (this.items.slice(0, from).some(other => other.entry)) {
      this.items.splice(from, 1);
      this.insert(item);
    }
  }

  // insert puts a message below the delivered ones and above the pending ones.
  insert(item) {
    const pending = this.items.findIndex(other => other.entry);
    if (pending < 0) {
      this.items.push(item);
      this.log.appendChild(item.element);
    } else {
      this.log.insertBefore(item.element, this.items[pending].element);
      this.items.splice(pending, 0, item);
    }
  }

  // date puts the day above a message if the one before is of another day.
  date(item, at) {
    if (dayOf(at) === this.day) return;
    this.day = dayOf(at);
    const line = make('p', 'day');
    line.dataset.day = at.toISOString();
    this.log.insertBefore(line, item.element);
  }

  build(message) {
    const element = make('div', 'message ' + message.from);
    const who = make('span', 'who');
    const role = make('span', 'role');
    role.dataset.word = message.from;
    who.appendChild(role);
    if (message.author) who.appendChild(document.createTextNode(' ' + message.author));
    const body = make('div', 'body');
    if (message.html) body.innerHTML = message.html; // rendered safe by the server
    else body.textContent = message.text;
    element.appendChild(who);
    element.appendChild(body);
    const item = { element, body, from: message.from, text: message.text, choices: message.choices || [] };
    if (item.choices.length) {
      const group = make('div', 'choices');
      item.buttons = item.choices.map(choice => {
        const button = make('button', 'choice');
        button.type = 'button';
        button.textContent = choice.label;
        button.onclick = () => this.on.choose(choice);
        group.appendChild(button);
        return button;
      });
      element.appendChild(group);
    }
    return item;
  }

  // refresh leaves only the newest choices open, and those only until the
  // person has said something; what was chosen is marked.
  refresh() {
    let answer = null; // what the person said next
    let newest = true;
    for (let i = this.items.length - 1; i >= 0; i--) {
      const item = this.items[i];
      if (item.from === 'user') answer = item.text;
      if (!item.buttons) continue;
      const open = newest && answer === null && !this.frozen;
      item.buttons.forEach((button, n) => {
        const label = item.choices[n].label;
        const chosen = answer === label;
        button.disabled = !open;
        button.classList.toggle('chosen', chosen);
        button.textContent = (chosen ? '✓ ' : '') + label;
      });
      newest = false;
    }
  }
}

function make(tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function dayOf(date) {
  return date.toDateString();
}

