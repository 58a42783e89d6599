import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A handler behind a bare HTTP server in a worker of this process: the floor of an invocation by the same client. */
export interface FloorWorker {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** `module` is the file URL of a module that exports `handler`. */
export async function startFloorWorker(module: string): Promise<FloorWorker> {
  const worker = new Worker(join(import.meta.dirname, 'floor-worker.mjs'), { workerData: { module } });
  const [port] = (await once(worker, 'message')) as [number];
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      await worker.terminate();
    },
  };
}
