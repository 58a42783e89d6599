// The least that calling a handler in another thread can cost: a message there, the handler, a message back.
import { parentPort, workerData } from 'node:worker_threads';

const { handler } = await import(workerData.module);
parentPort.on('message', async (payload) => {
  parentPort.postMessage(JSON.stringify(await handler(JSON.parse(payload))));
});
parentPort.postMessage('ready');
