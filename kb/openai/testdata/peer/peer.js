// An endpoint of OpenAI's chat API for tests: aimock, with an answer for each kind
// of trouble. The word in the question says which.
const { LLMock } = require('@copilotkit/aimock');

const good = { content: '{"choice": "1"}' };
const api = new LLMock({ host: '127.0.0.1', port: 0, logLevel: 'silent', strict: true });
api
  .onMessage('plain-sailing', good, { chunkSize: 3 })
  .onMessage('slow-stream', good, { chunkSize: 1, latency: 400 })
  .onMessage('cut-off', good, { chunkSize: 3, truncateAfterChunks: 2 })
  .onMessage('hung-up', good, { chunkSize: 1, latency: 50, disconnectAfterMs: 120 })
  .onMessage('too-long', { ...good, finishReason: 'length' })
  .onMessage('no-json', { content: 'Certainly! I would choose number 1.' })
  .onMessage('malformed', good, { chaos: { malformedRate: 1 } })
  .on({ userMessage: 'limited-once', sequenceIndex: 0 }, { error: { message: 'slow down' }, status: 429, retryAfter: 1 })
  .onMessage('limited-once', good)
  .onMessage('limited-long', { error: { message: 'slow down' }, status: 429, retryAfter: 60 })
  .on({ userMessage: 'fault-once', sequenceIndex: 0 }, { error: { message: 'oops' }, status: 503 })
  .onMessage('fault-once', good)
  .onMessage('fault-always', { error: { message: 'oops' }, status: 500 })
  .onMessage('forbidden', { error: { message: 'wrong key' }, status: 401 });

api
  .onEmbedding(/limited-vector/, { error: { message: 'slow down' }, status: 429, retryAfter: 60 })
  .onEmbedding(/fault-vector/, { error: { message: 'oops' }, status: 500 })
  .onEmbedding(/plain-vector/, { embedding: [0.1, 0.2, 0.3] });

api.start().then((url) => console.log(url));
process.stdin.on('end', () => process.exit()).resume();
