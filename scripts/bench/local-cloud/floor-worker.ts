import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A handler in a worker of this process, called by messages and by nothing else: the floor of an invocation. */
export interface FloorWorker {
  call(payload: string): Promise<string>;
  stop(): Promise<void>;
}

/** `module` is the file URL of a module that exports `handler`. */
export async function startFloorWorker(module: string): Promise<FloorWorker> {
  const worker = new Worker(join(import.meta.dirname, 'floor-worker.mjs'), { workerData: { module } });
  const next = () => new Promise<string>((resolve) => worker.once('message', resolve));
  await next();
  return {
    call(payload) {
      const answer = next();
      worker.postMessage(payload);
      return answer;
    },
    async stop() {
      await worker.terminate();
    },
  };
}
