// Shelf keeps what must outlive the page: the token of the conversation, the
// chosen language and messages that are not delivered yet. Where the browser
// refuses storage, it keeps them for as long as the page lives.
class Shelf {
  constructor(prefix) {
    this.prefix = prefix;
    this.spare = {};
  }

  get(name) {
    try {
      const value = localStorage.getItem(this.prefix + name);
      if (value !== null) return value;
    } catch (refused) { /* the spare has it */ }
    return this.spare[name] || '';
  }

  set(name, value) {
    this.spare[name] = value;
    try {
      localStorage.setItem(this.prefix + name, value);
    } catch (refused) { /* the spare has it */ }
  }

  // The outbox is read anew each time, as other tabs write to it too.
  outbox() {
    try {
      const list = JSON.parse(this.get('outbox') || '[]');
      return Array.isArray(list) ? list.filter(entry => entry && entry.id) : [];
    } catch (damaged) {
      return [];
    }
  }

  put(entry) {
    this.set('outbox', JSON.stringify(this.outbox().concat(entry)));
  }

  drop(id) {
    this.set('outbox', JSON.stringify(this.outbox().filter(entry => entry.id !== id)));
  }
}

