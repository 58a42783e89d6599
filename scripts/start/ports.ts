import { createServer } from 'node:net';

/** Throws with one sentence when something listens on the port: to hear of it after a build would be late. */
export async function assertPortFree(port: number, option: string): Promise<void> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!free)
    throw new Error(
      `Port ${port} is taken: stop the program that listens there, or choose another with ${option}.`,
    );
  await new Promise((resolve) => server.close(resolve));
}
