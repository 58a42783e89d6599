// The least that a call of a handler over HTTP can cost: a server in a thread of its own, and the handler in it.
import { createServer } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { handler } = await import(workerData.module);
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = JSON.stringify(await handler(JSON.parse(Buffer.concat(chunks).toString())));
  response.writeHead(200, { 'content-length': Buffer.byteLength(answer) }).end(answer);
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
