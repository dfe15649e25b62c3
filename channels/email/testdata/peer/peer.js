// A mail server for tests: smtp-server. By hand: this file. It is told over HTTP how
// to listen and what is to go wrong, and says what it was sent.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

let fault = {}; // {greeting, mail, rcpt, data: a code, or drop, cut: before it answers, or slow}, until the next one
const mails = [];

const answer = (code, words = 'not to li@shop.example') => code ? Object.assign(new Error(words), { responseCode: code }) : null;

const listen = async ({ secure, plain, key, cert }) => {
  const server = new SMTPServer({
    secure, key, cert, authOptional: !key, hideSTARTTLS: plain, disabledCommands: plain ? ['STARTTLS'] : [],
    allowInsecureAuth: plain, disableReverseLookup: true, logger: false,
    onConnect: (session, done) => done(answer(fault.greeting, 'busy')),
    onAuth: (auth, session, done) => done(auth.username === 'bot' && auth.password === 'pass word' ? null : answer(535), { user: 'bot' }),
    onMailFrom: (address, session, done) => done(answer(fault.mail)),
    onRcptTo: (address, session, done) => done(answer(fault.rcpt)),
    onData (stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        if (fault.data) return done(answer(fault.data));
        mails.push({
          to: session.envelope.rcptTo.map((to) => to.address), user: session.user ?? '', secure: Boolean(session.secure),
          raw: Buffer.concat(chunks).toString('latin1'),
        });
        if (fault.slow) return;
        const connection = [...server.connections].find((c) => c.id === session.id);
        if (fault.drop) return connection._socket.destroy();
        done();
        if (fault.cut) connection._socket.destroySoon();
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return server.server.address().port;
};

const body = async (req) => {
  let text = '';
  for await (const chunk of req) text += chunk;
  return JSON.parse(text || 'null');
};

const control = createServer(async (req, res) => {
  switch (req.url) {
    case '/listen': return res.end(JSON.stringify(await listen(await body(req))));
    case '/fault': fault = await body(req); return res.end();
    case '/mails': return res.end(JSON.stringify(mails));
  }
});
control.listen(0, '127.0.0.1');
await once(control, 'listening');
process.stdin.resume().on('end', () => process.exit());
console.log(`http://127.0.0.1:${control.address().port}`);
