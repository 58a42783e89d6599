import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** The local cloud as somebody runs it by `local-cloud up`, in a process of its own. */
export interface CloudProcess {
  readonly pid: number;
  readonly endpoint: string;
  /** From the start of the process to the line that says ready. */
  readonly milliseconds: number;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

const startLimit = 90_000;
const commandLine = join(import.meta.dirname, '../cli.ts');

/** Runs it on free ports and waits until it is ready. Throws with what it said when it is not. */
export async function startCloudProcess(
  stacksDirectory: string,
  dataDirectory: string,
): Promise<CloudProcess> {
  const folders = ['--stacks', stacksDirectory, '--data-dir', dataDirectory];
  const words = ['--import', 'tsx', commandLine, 'up', ...folders, '--port', '0', '--console-port', '0'];
  const began = performance.now();
  const child = spawn(process.execPath, words, {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const endpoint = await untilReady(child);
    return {
      pid: child.pid ?? 0,
      endpoint,
      milliseconds: performance.now() - began,
      stop: () => end(child, 'SIGINT'),
      kill: () => end(child, 'SIGKILL'),
    };
  } catch (error) {
    await end(child, 'SIGKILL');
    throw error;
  }
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (what: string) => reject(new Error(`The local cloud ${what}; it said:\n${said}`));
    const timer = setTimeout(() => fail('was not ready in time'), startLimit);
    const hear = (chunk: Buffer) => {
      said += chunk;
      const endpoint = /^ready: (\S+),/mu.exec(said)?.[1];
      if (endpoint === undefined) return;
      clearTimeout(timer);
      resolve(endpoint);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}

async function end(child: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill(signal);
  await ended;
}
