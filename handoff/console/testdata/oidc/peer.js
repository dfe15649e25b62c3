// An OpenID provider for tests: oidc-provider, with its own pages. By hand: this
// file. It knows one program, and on request it fails, is slow, or signs ID tokens in
// which something is wrong with its own key.
import { createServer } from 'node:http';
import { once } from 'node:events';
import Provider from 'oidc-provider';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, decodeJwt } from 'jose';

console.warn = () => {}; // it is a test
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const key = { ...(await exportJWK(privateKey)), kid: 'one', alg: 'RS256', use: 'sig' };
const people = {
  lin: { email: 'Lin@shop.example', email_verified: true },
  double: { email: 'lin@shop.example', email_verified: true }, // was given lin's address
  eve: { email: 'eve@shop.example', email_verified: false },
};
let fault = {}; // {path, status, slow, claims, alg}, until the next one
let redirect = '';

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: 'supportbot', client_secret: 'a secret of the desk', redirect_uris: ['http://127.0.0.1/'] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  jwks: { keys: [key] },
  cookies: { keys: ['test'] },
  pkce: { required: () => true },
});
provider.Client.prototype.redirectUriAllowed = (uri) => uri === redirect;

const body = async (req) => {
  let text = '';
  for await (const chunk of req) text += chunk;
  return text;
};

// forge signs the ID token of an answer again, with other claims.
const forge = async (answer) => {
  const claims = { ...decodeJwt(answer.id_token), ...fault.claims };
  for (const name of Object.keys(claims)) if (claims[name] === null) delete claims[name];
  answer.id_token = fault.alg === 'none'
    ? new UnsecuredJWT(claims).encode()
    : await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
  return answer;
};

const callback = provider.callback();
server.on('request', async (req, res) => {
  const path = req.url.split('?')[0];
  if (path === '/peer/redirect') { redirect = await body(req); return res.end(); }
  if (path === '/peer/fault') { fault = JSON.parse(await body(req)); return res.end(); }
  if (path === fault.path && fault.slow) return; // for ever
  if (path === fault.path && fault.status) { res.statusCode = fault.status; return res.end('away'); }
  if (path === '/token' && (fault.claims || fault.alg)) {
    const end = res.end;
    res.end = async (data) => {
      const answer = JSON.parse(data);
      const forged = answer.id_token ? JSON.stringify(await forge(answer)) : String(data);
      res.setHeader('content-length', Buffer.byteLength(forged));
      end.call(res, forged);
    };
  }
  callback(req, res);
});

process.stdin.resume().on('end', () => process.exit());
console.log(issuer);
