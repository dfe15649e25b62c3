// The element floats above a site behind a button; with the attribute "page" it
// is the whole page. The attribute "language" (zh or en) sets its first language,
// "phone" is the page of a telephone.
class SupportbotChat extends HTMLElement {
  connectedCallback() {
    if (!this.line) this.build();
    if (this.page || this.shelf.get('token')) this.line.open();
  }

  disconnectedCallback() {
    this.line.close();
  }

  build() {
    this.page = this.hasAttribute('page');
    this.opened = this.page;
    this.shelf = new Shelf('supportbot ' + base.href + ' ');
    this.root = this.attachShadow({ mode: 'open' });
    this.root.innerHTML = PANEL;
    dress(this.root);
    const part = selector => this.root.querySelector(selector);
    this.launch = part('.launch');
    this.panel = part('.panel');
    this.bar = part('.case');
    this.scroll = part('.scroll');
    this.log = part('.log');
    this.field = part('textarea');
    this.transcript = new Transcript(this.log, {
      choose: choice => this.choose(choice),
      again: entry => this.line.again(entry),
    });
    this.line = new Line(base.href.replace(/^http/, 'ws') + 'chat/ws', this.shelf, {
      state: (state, seconds) => this.showState(state, seconds),
      welcome: (frame, shorter) => this.welcome(frame, shorter),
      messages: messages => this.arrive(messages),
      status: status => this.showStatus(status),
      typing: on => this.showTyping(on),
      draft: html => this.showDraft(html),
      settled: id => this.transcript.settle(id),
      late: id => this.late(id),
    });
    this.line.outbox.forEach(entry => {
      if (!entry.quiet) this.transcript.pend(entry);
    });
    this.listen(part);
    this.setLanguage(firstLanguage(this.shelf.get('language') || this.getAttribute('language') || script.dataset.language));
    this.setOpened(this.opened);
  }

  listen(part) {
    this.launch.onclick = () => this.setOpened(true);
    part('.close').onclick = () => this.setOpened(false);
    this.panel.onkeydown = event => {
      if (event.key === 'Escape' && !event.isComposing && !this.page) this.setOpened(false);
    };
    part('.languages').onclick = event => {
      if (event.target.value && event.target.value !== this.language) this.switchLanguage(event.target.value);
    };
    part('.case button').onclick = () => this.line.post({ choice: 'control:leave', quiet: true });
    part('form').onsubmit = event => {
      event.preventDefault();
      this.submit();
    };
    this.field.oninput = () => this.grow();
    this.field.onkeydown = event => {
      // An input method takes Enter for itself: Safari tells by the code 229.
      const composing = event.isComposing || event.keyCode === 229;
      if (event.key === 'Enter' && !event.shiftKey && !composing) {
        event.preventDefault();
        this.submit();
      }
    };
    const jump = part('.jump');
    this.scroll.onscroll = () => {
      if (this.scroll.clientHeight === this.room) this.atEnd = this.below() < 120;
      jump.hidden = this.below() < 120;
    };
    // A banner or a keyboard takes room: who saw the end goes on seeing it.
    new ResizeObserver(() => {
      this.room = this.scroll.clientHeight;
      if (this.atEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
    }).observe(this.scroll);
    jump.onclick = () => {
      this.scroll.scrollTop = this.scroll.scrollHeight;
      this.scroll.focus();
    };
    if (window.visualViewport) window.visualViewport.onresize = window.visualViewport.onscroll = () => this.fit();
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return;
    this.field.value = '';
    this.grow();
    this.post({ text });
  }

  choose(choice) {
    this.post({ choice: choice.value, label: choice.label });
    this.scroll.focus(); // the button is no longer there to have it
  }

  post(entry) {
    const element = this.transcript.pend(entry);
    this.line.post(entry);
    this.relabel();
    this.reveal(element);
  }

  welcome(frame, shorter) {
    if (shorter) this.transcript.clear();
    this.showStatus(frame);
  }

  arrive(messages) {
    const near = this.below() < 120;
    if (messages.some(message => message.from === 'bot')) this.showDraft('');
    const busy = this.log.getAttribute('aria-busy') === 'true';
    const first = this.transcript.add(messages);
    this.relabel();
    if (busy) this.log.setAttribute('aria-busy', 'false');
    if (first && (near || busy)) this.reveal(busy ? this.log.lastChild : first);
    this.count(messages.filter(message => message.from !== 'user' && message.seq > this.seen()).length);
  }

  late(id) {
    const near = this.below() < 120;
    if (!this.transcript.late(id)) return;
    this.relabel();
    if (near) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  // below returns how many pixels of the conversation are below what is seen.
  below() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight;
  }

  // reveal scrolls down, but not past the beginning of an element.
  reveal(element) {
    this.scroll.scrollTop = Math.min(this.scroll.scrollHeight, element.offsetTop - 12);
    this.atEnd = this.below() < 120;
  }

  seen() {
    return Number(this.shelf.get('seen')) || 0;
  }

  // count adds to the messages that came while the panel was closed.
  count(more) {
    this.unread = this.opened ? 0 : (this.unread || 0) + more;
    if (this.opened) this.shelf.set('seen', String(this.line.seq));
    const badge = this.launch.querySelector('.unread');
    badge.hidden = !this.unread;
    badge.textContent = this.unread;
    const words = WORDS[this.language];
    this.launch.setAttribute('aria-label', words.open + (this.unread ? ', ' + words.unread(this.unread) : ''));
  }

  setOpened(opened) {
    const changed = opened !== this.opened;
    this.opened = opened;
    this.panel.hidden = !opened;
    this.launch.hidden = opened;
    this.launch.setAttribute('aria-expanded', String(opened));
    this.count(0);
    if (!changed) return;
    if (opened) {
      this.line.open();
      if (this.log.lastChild) this.reveal(this.log.lastChild);
      this.scroll.focus();
    } else {
      this.launch.focus();
    }
  }

  // showState waits a moment before it alarms anybody: most connections that are
  // lost are back at once.
  showState(state, seconds) {
    clearTimeout(this.stateTimer);
    if (state === 'lost' && this.state === 'ready') this.stateTimer = setTimeout(() => this.drawState(state), 1000);
    else this.drawState(state, seconds);
  }

  drawState(state, seconds) {
    this.state = state;
    this.seconds = seconds; // that a slow one has to wait
    const line = this.root.querySelector('.state');
    const words = state === 'ready' ? '' : WORDS[this.language || 'zh'][state];
    line.textContent = typeof words === 'function' ? words(seconds) : words;
    line.className = 'state ' + state;
  }

  showStatus(status) {
    this.status = status;
    const switching = this.line.outbox.some(entry => /^language:/.test(entry.choice || ''));
    if (status.language && !switching) this.setLanguage(status.language);
    else this.relabel();
    this.transcript.frozen = !!status.case && attended.includes(status.case.state);
    this.transcript.refresh();
  }

  // showTyping waits a moment, so that quick answers do not make it flicker.
  showTyping(on) {
    clearTimeout(this.typingTimer);
    const sign = this.root.querySelector('.typing');
    if (!on) {
      sign.textContent = '';
    } else if (!this.transcript.frozen) {
      this.typingTimer = setTimeout(() => {
        const near = this.below() < 120;
        sign.textContent = WORDS[this.language].typing;
        if (near) this.scroll.scrollTop = this.scroll.scrollHeight;
      }, 250);
    }
  }

  // showDraft shows what is still being written, outside of the log: a screen reader
  // reads the message once, when it is there.
  showDraft(html) {
    const near = this.below() < 120;
    if (this.draft) this.draft.remove();
    this.draft = html ? this.transcript.build({ from: 'bot', html }).element : null;
    if (!html) return;
    this.draft.classList.add('draft');
    this.draft.setAttribute('aria-busy', 'true');
    this.log.after(this.draft);
    this.relabel();
    if (near) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  switchLanguage(language) {
    this.line.post({ choice: 'language:' + language, quiet: true });
    this.setLanguage(language);
  }

  setLanguage(language) {
    this.language = language;
    this.line.language = language;
    this.shelf.set('language', language);
    this.lang = language;
    if (this.page) document.documentElement.lang = language;
    this.relabel();
    this.count(0);
    if (this.state) this.showState(this.state, this.seconds);
  }

  // relabel puts all of the widget's own words into its language.
  relabel() {
    const words = WORDS[this.language];
    const each = (attribute, put) => this.root.querySelectorAll('[data-' + attribute + ']')
      .forEach(element => put(element, element.dataset[attribute]));
    each('word', (element, name) => say(element, words[name]));
    each('label', (element, name) => element.setAttribute('aria-label', words[name]));
    each('hint', (element, name) => { element.placeholder = words[name]; });
    each('day', (element, at) => say(element, new Date(at).toLocaleDateString(this.language,
      { month: 'long', day: 'numeric', weekday: 'long' })));
    this.root.querySelector('.privacy').href = base.href + 'privacy#' + this.language;
    const phone = this.root.querySelector('.phone');
    phone.hidden = !this.hasAttribute('phone');
    phone.href = new URL(this.getAttribute('phone') || '', base).href + '#' + this.language;
    this.root.querySelectorAll('.languages button').forEach(button => {
      button.setAttribute('aria-pressed', String(button.value === this.language));
    });
    const open = this.status && this.status.case;
    this.bar.hidden = !open;
    const person = open && attended.includes(open.state); // it is no robot now
    if (open) say(this.bar.firstChild, !person ? words.waiting : open.state === 'grace' ? words.gone(this.status.agent) : words.talking(this.status.agent));
    this.root.querySelector('[data-word=robot]').hidden = !!person;
  }

  grow() {
    this.field.style.height = 'auto';
    this.field.style.height = Math.min(this.field.scrollHeight + 2, 150) + 'px';
  }

  // fit keeps the panel above a phone's keyboard. It leaves a page alone that
  // was zoomed in by hand.
  fit() {
    const seen = window.visualViewport;
    const zoomed = seen.scale > 1.01;
    this.style.setProperty('--height', zoomed ? '100%' : seen.height + 'px');
    this.style.setProperty('--top', zoomed ? '0' : seen.offsetTop + 'px');
  }
}

// attended are the states of a case in which an agent has the conversation, also one
// who asks a colleague meanwhile, or has lost the connection for a moment.
const attended = ['active', 'transfer', 'consult', 'grace'];

// say sets a text, unless it is there already: screen readers would say it again.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

