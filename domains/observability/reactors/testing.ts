import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';

/** Somebody's webhook receiver: what it got, and the status that it answers. */
export interface Receiver {
  readonly url: string;
  readonly received: { headers: IncomingHttpHeaders; body: string }[];
  status: number;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(receiver.status).end();
  });
  const receiver: Receiver = { ...server, received, status: 204 };
  return receiver;
}

/** The table of keys, as far as reading one goes, in AWS JSON 1.0 as the SDK speaks it. */
export function startKeysTable(): Promise<{ url: string; stop(): Promise<void> }> {
  const key = Buffer.from('k'.repeat(32)).toString('base64');
  return listen((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ Item: { k: { S: 'notification-channels' }, v: { B: key } } }));
  });
}

async function listen(listener: RequestListener): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
