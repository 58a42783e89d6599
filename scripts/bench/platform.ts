import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../local-cloud/core/free-port.ts';
import type { Outputs } from '../start/outputs.ts';

/** The platform as `npm start` runs it, in processes of its own. */
export interface Platform {
  readonly outputs: Outputs;
  /** From typing the command to the line that says ready, in seconds. */
  readonly seconds: number;
  /** The stages as it printed them. */
  readonly stages: readonly string[];
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

const startLimit = 180_000;
const stopLimit = 30_000;

/** Runs `npm start` on free ports and waits until it says that it is ready. Nothing is left running when it fails. */
export async function startPlatform(root: string, dataDirectory: string): Promise<Platform> {
  const [port, awsPort] = [await freePort(), await freePort()];
  const options = ['--port', `${port}`, '--aws-port', `${awsPort}`, '--data-dir', dataDirectory];
  const started = performance.now();
  // A group of its own, so that npm and what it starts can be ended together.
  const child = spawn('npm', ['start', '--', ...options], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => end(child);
  try {
    const printed = await untilReady(child);
    const seconds = (performance.now() - started) / 1000;
    const outputs = JSON.parse(readFileSync(join(dataDirectory, 'outputs.json'), 'utf8')) as Outputs;
    const stages = printed.split('\n').filter((line) => /^\S.* {2,}[\d.]+ s/.test(line));
    return { outputs, seconds, stages, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const fail = (what: string) => reject(new Error(`npm start ${what}; it printed:\n${printed}`));
    const timer = setTimeout(() => fail('was not ready in time'), startLimit);
    const hear = (chunk: Buffer) => {
      printed += chunk;
      if (!/^ready\b/m.test(printed)) return;
      clearTimeout(timer);
      resolve(printed);
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
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  process.kill(-pid, 'SIGINT');
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), stopLimit);
  await ended;
  clearTimeout(timer);
}
