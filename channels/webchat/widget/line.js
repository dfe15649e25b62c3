// Times in milliseconds.
const LATE = 10000; // until a message counts as not sent
const SILENT = 60000; // until a connection without a sign of life counts as lost
const SOUND = 5000; // until a connection that lasts counts as sound
const FIRST_WAIT = 500; // before the first attempt to reconnect
const LONGEST_WAIT = 15000;
const ATTEMPTS = 6; // that a message may be refused for now before the next one has its turn

// Line is the connection to the server. It delivers each message exactly once
// and in order: one is on its way at a time, and it is sent again under the
// same id until the server has it.
class Line {
  constructor(url, shelf, on) {
    this.url = url;
    this.shelf = shelf;
    this.on = on; // what to tell: state, welcome, messages, status, typing, settled, late
    this.language = 'zh';
    this.seq = 0; // of the last message that came
    this.outbox = shelf.outbox().map(entry => Object.assign(entry, { since: Date.now() }));
    this.wanted = false;
    this.ready = false; // the server has answered hello
    this.known = false; // the server has ever answered
    this.cut = false; // the device says it is offline, and nothing came since
    this.socket = null;
    this.sending = null; // the entry that is on its way
    this.wait = FIRST_WAIT;
    this.held = 0; // until when the server wants nothing more
    window.addEventListener('online', () => this.retry());
    window.addEventListener('offline', () => {
      this.cut = true;
      this.report();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.retry();
    });
    setInterval(() => this.check(), 1000);
  }

  open() {
    this.wanted = true;
    this.report();
    if (!this.socket) this.connect();
  }

  close() {
    this.wanted = false;
    this.hangUp();
  }

  // post takes a message for delivery: {text} or {choice}.
  post(entry) {
    entry.id = newID();
    entry.since = Date.now();
    this.outbox.push(entry);
    this.shelf.put(entry);
    this.flush();
  }

  // again is for the impatient: a message that is late, or was refused.
  again(entry) {
    entry.since = Date.now();
    entry.attempts = 0;
    if (!this.outbox.includes(entry)) {
      entry.id = newID(); // the old one was refused for good
      this.outbox.push(entry);
      this.shelf.put(entry);
    }
    if (!this.ready || this.sending === entry) this.reconnect();
    else this.flush();
  }

  connect() {
    clearTimeout(this.timer);
    this.cut = false;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.heard = Date.now();
    socket.onopen = () => this.send({
      type: 'hello', token: this.shelf.get('token'), after: this.seq, language: this.language,
    });
    socket.onmessage = event => {
      if (socket !== this.socket) return;
      this.heard = Date.now();
      if (this.cut) {
        this.cut = false;
        this.report();
      }
      this.receive(JSON.parse(event.data));
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lose();
    };
  }

  send(frame) {
    this.socket.send(JSON.stringify(frame));
  }

  receive(frame) {
    switch (frame.type) {
      case 'welcome':
        this.ready = true;
        this.since = Date.now();
        this.shelf.set('token', frame.token);
        this.on.welcome(frame, frame.after < this.seq);
        this.seq = frame.after;
        this.report();
        this.outbox.forEach(entry => { entry.attempts = 0; });
        this.flush();
        break;
      case 'messages': {
        const fresh = frame.messages.filter(message => message.seq > this.seq);
        if (!fresh.length) break;
        this.seq = fresh[fresh.length - 1].seq;
        this.on.messages(fresh);
        fresh.forEach(message => this.settle(message.reply_to));
        break;
      }
      case 'status':
        this.on.status(frame);
        break;
      case 'typing':
        this.on.typing(frame.on);
        break;
      case 'draft':
        this.on.draft(frame.html);
        break;
      case 'done':
        this.settle(frame.id);
        this.on.settled(frame.id);
        break;
      case 'error':
        this.refused(frame);
        break;
    }
  }

  // flush sends the next message if none is on its way.
  flush() {
    if (!this.ready || this.sending || this.held) return;
    const next = this.outbox.find(entry => !(entry.attempts >= ATTEMPTS));
    if (!next) return;
    this.sending = next;
    this.sentAt = Date.now();
    this.send(next.choice
      ? { type: 'message', id: next.id, choice: next.choice }
      : { type: 'message', id: next.id, text: next.text });
  }

  // settle is called when the server has a message for good, or never will.
  settle(id) {
    if (!id) return;
    this.outbox = this.outbox.filter(entry => entry.id !== id);
    this.shelf.drop(id);
    if (!this.sending || this.sending.id !== id) return;
    this.sending = null;
    this.wait = FIRST_WAIT;
    this.flush();
  }

  refused(frame) {
    if (frame.code === 'slow_down') {
      this.slowDown(frame.retry_after * 1000);
      return;
    }
    const entry = this.sending;
    if (!entry || entry.id !== frame.id) return;
    if (frame.code !== 'unavailable') {
      this.settle(entry.id);
      this.on.late(entry.id);
      return;
    }
    entry.attempts = (entry.attempts || 0) + 1;
    this.sending = null;
    if (entry.attempts >= ATTEMPTS) this.on.late(entry.id);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.pause());
  }

  // slowDown sends nothing for as long as the server says; check goes on then.
  slowDown(wait) {
    this.sending = null;
    this.held = Date.now() + wait;
    this.report();
  }

  goOn() {
    this.held = 0;
    this.outbox.forEach(entry => { entry.since = Date.now(); }); // none of them is late
    this.report();
    this.flush();
  }

  // pause returns how long to wait this time; longer the next time.
  pause() {
    const wait = this.wait * (0.5 + Math.random());
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return wait;
  }

  retry() {
    if (!this.wanted) return;
    this.wait = FIRST_WAIT;
    // A connection that was cut or slept may be dead without knowing it.
    if (!this.ready || this.cut || Date.now() - this.heard > SILENT / 2) this.reconnect();
    this.report();
  }

  reconnect() {
    this.hangUp();
    this.connect();
    this.report();
  }

  hangUp() {
    const socket = this.socket;
    this.forget();
    if (socket) socket.close();
  }

  lose() {
    this.forget();
    this.report();
    if (this.wanted) this.timer = setTimeout(() => this.connect(), Math.max(this.pause(), this.held - Date.now()));
  }

  forget() {
    clearTimeout(this.timer);
    this.socket = null;
    this.ready = false;
    this.sending = null;
    this.on.typing(false);
    this.on.draft('');
  }

  report() {
    if (this.ready) this.known = true;
    let state = this.known ? 'lost' : 'connecting';
    const held = Math.ceil((this.held - Date.now()) / 1000);
    if (this.ready && !this.cut) state = held > 0 ? 'slow' : 'ready';
    else if (!navigator.onLine) state = 'offline';
    else if (held > 0) state = 'slow';
    this.on.state(state, held);
  }

  // check looks once a second for messages and connections that take too long.
  check() {
    const now = Date.now();
    if (this.held && now >= this.held) this.goOn();
    this.outbox.forEach(entry => {
      if (!this.held && now - entry.since > LATE) this.on.late(entry.id);
    });
    if (!this.wanted || !this.socket) return;
    if (this.ready && now - this.since > SOUND) this.wait = FIRST_WAIT;
    const unheard = this.sending && this.heard < this.sentAt && now - this.sentAt > LATE;
    if (unheard || now - this.heard > (this.ready ? SILENT : LATE)) this.reconnect();
  }
}

function newID() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => (byte + 256).toString(16).slice(1)).join('');
}

