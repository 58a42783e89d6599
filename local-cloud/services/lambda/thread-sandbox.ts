import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Ending, Sandbox, SandboxListener } from './sandbox.ts';

const runtimePath = fileURLToPath(new URL('./runtime.mjs', import.meta.url));

/**
 * One thread for one execution environment: quicker to start than a process and smaller, and no match for code that takes
 * memory without end, which can take the whole local cloud along.
 */
export class ThreadSandbox implements Sandbox {
  readonly memoryMegabytes: number;
  readonly #worker: Worker;
  #listener: SandboxListener | undefined;

  constructor(memoryMegabytes: number, onEnd: () => void) {
    this.memoryMegabytes = memoryMegabytes;
    this.#worker = new Worker(runtimePath, {
      env: { TZ: ':UTC' },
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
    });
    let ending: Ending | undefined;
    this.#worker.on('message', (message) => this.#listener?.onMessage(message));
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      ending ??= error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { kind: 'memory' } : { kind: 'exit', code: 1 };
    });
    this.#worker.on('exit', (code) => {
      this.#listener?.onEnd(ending ?? { kind: 'exit', code });
      onEnd();
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => this.#listener?.onOutput(text));
  }

  begin(listener: SandboxListener, message: object): void {
    this.#listener = listener;
    this.post(message);
  }

  post(message: object): void {
    this.#worker.postMessage(message);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
