import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Isolation } from '../../core/cloud.ts';
import { ThreadSandbox } from './thread-sandbox.ts';

/** How a sandbox came to its end. */
export type Ending =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: string }
  /** It used more than it was given. */
  | { kind: 'memory' };

export interface SandboxListener {
  onMessage(message: unknown): void;
  /** What was written past the console, to the process's own streams. */
  onOutput(text: string): void;
  onEnd(ending: Ending): void;
}

/** What runs one execution environment. */
export interface Sandbox {
  readonly memoryMegabytes: number;
  /** Makes it the environment of a function. */
  begin(listener: SandboxListener, message: object): void;
  post(message: object): void;
  /** Ends it at once, whatever it does. */
  end(): Promise<void>;
}

/** Where the processes are known by, so that those of a killed run are told from everybody else's. */
const runtimePath = fileURLToPath(new URL('./runtime.mjs', import.meta.url));
/** Milliseconds between two looks at the memory of what runs. */
const lookEvery = 50;
/** Of the process itself: Node.js, its young generation, and what its collector has yet to look at. */
const runtimeMegabytes = 96;

/**
 * One process for one execution environment. What goes wrong in it, be it an endless loop, memory without end or a
 * crash of the interpreter itself, ends with it: a thread that runs out of memory can take the whole process along.
 */
class ProcessSandbox implements Sandbox {
  readonly memoryMegabytes: number;
  readonly #process: ChildProcess;
  #listener: SandboxListener | undefined;
  #ending: Ending | undefined;
  #isCut = false;
  readonly #ended: Promise<void>;

  constructor(process: ChildProcess, memoryMegabytes: number) {
    this.#process = process;
    this.memoryMegabytes = memoryMegabytes;
    process.on('message', (message) => this.#listener?.onMessage(message));
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#onOutput(text));
    }
    this.#ended = new Promise((resolve) => {
      // What it still said before it ended comes before that: both its streams and its channel have to be read out.
      const settle = () => {
        if (!this.#ending || !this.#isCut) return;
        this.#listener?.onEnd(this.#ending);
        resolve();
      };
      process.once('close', (code, signal) => {
        this.#ending ??= signal ? { kind: 'signal', signal } : { kind: 'exit', code: code ?? 1 };
        this.#isCut ||= !process.connected;
        settle();
      });
      process.once('disconnect', () => {
        this.#isCut = true;
        settle();
      });
      process.on('error', () => {
        this.#ending ??= { kind: 'signal', signal: 'killed' };
        this.#isCut = true;
        settle();
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  begin(listener: SandboxListener, message: object): void {
    this.#listener = listener;
    this.post(message);
  }

  post(message: object): void {
    // It may have ended a moment ago, which is told by its end.
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  async end(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  endForMemory(): void {
    this.#ending ??= { kind: 'memory' };
    this.#process.kill('SIGKILL');
  }

  #onOutput(text: string): void {
    if (text.includes('JavaScript heap out of memory')) this.#ending ??= { kind: 'memory' };
    this.#listener?.onOutput(text);
  }
}

/** Starts what functions run in, and ends processes that outgrow their memory. */
export class Sandboxes {
  readonly #dataDirectory: string;
  readonly #isolation: Isolation;
  readonly #records: string;
  readonly #standing = new Set<Sandbox>();
  readonly #processes = new Set<ProcessSandbox>();
  #look: NodeJS.Timeout | undefined;
  #spare: Sandbox | undefined;
  #keepsAhead = false;
  #ended = false;

  constructor(dataDirectory: string, isolation: Isolation = 'process') {
    this.#dataDirectory = dataDirectory;
    this.#isolation = isolation;
    this.#records = join(dataDirectory, 'processes');
    this.#endOrphans();
  }

  /** A process that waits to be told what it is; one that was started ahead where it fits. */
  take(memoryMegabytes: number): Sandbox {
    const spare = this.#spare?.memoryMegabytes === memoryMegabytes ? this.#spare : undefined;
    if (spare) this.#spare = undefined;
    if (this.#keepsAhead) this.#startAhead(memoryMegabytes);
    return spare ?? this.#start(memoryMegabytes);
  }

  /** Starts the next one as soon as one is taken: somebody edits code and waits for the first answer. */
  keepAhead(): void {
    this.#keepsAhead = true;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#standing].map((sandbox) => sandbox.end()));
    clearInterval(this.#look);
  }

  #startAhead(memoryMegabytes: number): void {
    if (this.#ended || this.#spare?.memoryMegabytes === memoryMegabytes) return;
    void this.#spare?.end();
    this.#spare = this.#start(memoryMegabytes);
  }

  #start(memoryMegabytes: number): Sandbox {
    const sandbox =
      this.#isolation === 'thread' ? this.#thread(memoryMegabytes) : this.#process(memoryMegabytes);
    this.#standing.add(sandbox);
    return sandbox;
  }

  #thread(memoryMegabytes: number): Sandbox {
    const sandbox: Sandbox = new ThreadSandbox(memoryMegabytes, () => this.#forget(sandbox));
    return sandbox;
  }

  #process(memoryMegabytes: number): Sandbox {
    const youngGeneration = Math.min(16, Math.max(2, Math.floor(memoryMegabytes / 20)));
    // The data folder only tells whose it is.
    const child = fork(runtimePath, [this.#dataDirectory], {
      env: { TZ: ':UTC' },
      execArgv: [`--max-old-space-size=${memoryMegabytes}`, `--max-semi-space-size=${youngGeneration}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const sandbox = new ProcessSandbox(child, memoryMegabytes);
    this.#processes.add(sandbox);
    const record = this.#record(child);
    child.once('close', () => {
      this.#processes.delete(sandbox);
      if (record) rmSync(record, { force: true });
      this.#forget(sandbox);
    });
    this.#look ??= setInterval(() => this.#endTheGreedy(), lookEvery).unref();
    return sandbox;
  }

  #forget(sandbox: Sandbox): void {
    this.#standing.delete(sandbox);
    if (this.#spare === sandbox) this.#spare = undefined;
  }

  /** The heap is bounded by the interpreter; what lies beside it, such as buffers, only the system knows. */
  #endTheGreedy(): void {
    for (const sandbox of this.#processes) {
      const used = residentMegabytes(sandbox.pid);
      if (used !== undefined && used > sandbox.memoryMegabytes + runtimeMegabytes) sandbox.endForMemory();
    }
  }

  #record({ pid }: ChildProcess): string | undefined {
    if (pid === undefined) return undefined;
    mkdirSync(this.#records, { recursive: true });
    const record = join(this.#records, String(pid));
    writeFileSync(record, '');
    return record;
  }

  /** A process that loops does not notice that the local cloud is gone, if that was killed. */
  #endOrphans(): void {
    if (!existsSync(this.#records)) return;
    for (const record of readdirSync(this.#records)) {
      const words = readText(`/proc/${record}/cmdline`)?.split('\0') ?? [];
      if (words.includes(runtimePath) && words.includes(this.#dataDirectory)) {
        try {
          process.kill(Number(record), 'SIGKILL');
        } catch {
          // It has ended by itself meanwhile.
        }
      }
      rmSync(join(this.#records, record), { force: true });
    }
  }
}

/** Undefined where the system does not tell, or the process is gone. */
function residentMegabytes(pid: number | undefined): number | undefined {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/mu.exec(readText(`/proc/${pid}/status`) ?? '') ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
