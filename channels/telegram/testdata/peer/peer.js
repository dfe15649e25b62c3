// A Bot API server for tests: telegram-test-api behind what it lacks. Bots send
// multipart forms; updates stay until a later offset acknowledges them; and on
// request a call fails, before it takes effect or after. getWebhookInfo tells what
// setWebhook of the package has kept. By hand: this file.
// The messages, buttons and updates themselves are the package's.
const express = require('express');
const multer = require('multer');
const TelegramServer = require('telegram-test-api');

const api = new TelegramServer({ storeTimeout: 3600 });
const app = express();
const faults = []; // {method, status, body, cut: 'after'}
const calls = {}; // how often each method took effect
let pending = []; // updates that no offset has acknowledged

app.post('/peer/fault', express.json(), (req, res) => {
  faults.push(req.body);
  res.end();
});
app.get('/peer/calls', (req, res) => res.json(calls));

// A call without parameters has a form without parts, which multer does not read.
const form = (req, res, next) => multer().none()(req, res, () => next());

app.use('/bot:token/:method', express.json(), form, (req, res, next) => {
  req.body = req.body || {};
  const { token, method } = req.params;
  const at = faults.findIndex((f) => f.method === method);
  const fault = at < 0 ? {} : faults.splice(at, 1)[0];
  if (fault.status) {
    res.status(fault.status).json(fault.body);
    return;
  }
  calls[method] = (calls[method] || 0) + 1;
  if (fault.cut) {
    res.json = () => res.destroy();
    res.send = () => res.destroy();
  }
  if (method === 'getWebhookInfo') {
    const { url } = api.webhooks[token] || { url: '' };
    res.json({ ok: true, result: { url, has_custom_certificate: false, pending_update_count: pending.length } });
    return;
  }
  if (method !== 'getUpdates') {
    next();
    return;
  }
  const answer = (tries) => {
    pending = [...pending, ...api.getUpdates(token)].filter((u) => u.update_id >= (req.body.offset || 0));
    if (pending.length === 0 && tries > 0 && !req.socket.destroyed) {
      setTimeout(answer, 20, tries - 1);
      return;
    }
    res.json({ ok: true, result: pending });
  };
  answer(50);
});
app.use(api.webServer);

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
process.stdin.resume().on('end', () => process.exit()); // with the test
