const { createServer } = require('node:http');
const { Webhook } = require('standardwebhooks');

const secret = new Webhook(process.env.DESK_SECRET);
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  try { secret.verify(body, request.headers); } catch { return response.writeHead(401).end(); }
  console.log(request.headers['webhook-id'], body); // keep it, unless there is one of that id
  response.writeHead(204).end();
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.on('end', () => process.exit()).resume();
