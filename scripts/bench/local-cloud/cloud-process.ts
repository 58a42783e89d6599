import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { enginePid, enginePort } from '../engine.ts';

/** The local cloud as somebody runs it, in processes of its own. */
export interface CloudProcess {
  readonly endpoint: string;
  /** Where DynamoDB Local itself listens. */
  readonly engineEndpoint: string;
  /** From the start of the process to the line that says ready. */
  readonly milliseconds: number;
  /** What its processes hold of the machine's memory, in bytes: Node, and the Java of DynamoDB Local. */
  memory(): { node: number; engine: number };
  stop(): Promise<void>;
}

const startLimit = 60_000;

/** Runs `local-cloud up` on free ports and waits until it is ready. Throws with what it said when it is not. */
export async function startCloudProcess(
  root: string,
  stacksDirectory: string,
  dataDirectory: string,
): Promise<CloudProcess> {
  const options = [
    '--stacks',
    stacksDirectory,
    '--data-dir',
    dataDirectory,
    '--port',
    '0',
    '--console-port',
    '0',
  ];
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', 'local-cloud/cli.ts', 'up', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => end(child);
  try {
    const endpoint = await untilReady(child);
    const milliseconds = performance.now() - began;
    const engine = enginePid(dataDirectory);
    return {
      endpoint,
      engineEndpoint: `http://127.0.0.1:${enginePort(dataDirectory)}`,
      milliseconds,
      memory: () => ({ node: residentBytes(child.pid), engine: residentBytes(engine) }),
      stop,
    };
  } catch (error) {
    await stop();
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

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGINT');
  await ended;
}

function residentBytes(pid: number | undefined): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' });
  return Number(kilobytes) * 1024;
}
