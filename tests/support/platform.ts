import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outputs } from '#scripts/start/outputs.ts';

export const root = join(import.meta.dirname, '../..');

/** A platform in processes of its own, as `npm start` starts it, on free ports and a temporary data folder. */
export interface Platform {
  readonly outputs: Outputs;
  readonly dataDirectory: string;
  /** Everything it has printed so far. */
  printed(): string;
  /** Ends it as Ctrl-C does; answers the exit code. Throws when a policy refused anything that Skafu wanted to do. */
  stop(): Promise<number | null>;
  /** Ends the whole process tree at once, as a power cut would. */
  kill(): Promise<void>;
}

/** Starts a platform and waits until it is ready. Give the data folder of an earlier one to find its data again. */
export async function startPlatform(dataDirectory = newDataDirectory()): Promise<Platform> {
  const [port, awsPort] = await freePorts();
  const parameters = ['--port', `${port}`, '--aws-port', `${awsPort}`, '--data-dir', dataDirectory];
  // A group of its own, so that the whole tree can be ended, and a Ctrl-C of the tests is not taken for ours.
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts', ...parameters], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));

  const ready = waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`The platform ended before it was ready:\n${printed}`);
      return existsSync(join(dataDirectory, 'outputs.json')) && printed.includes('ready');
    },
    { seconds: 180, what: () => `the platform to be ready; it printed:\n${printed}` },
  );
  await ready.catch(async (error: unknown) => {
    if (child.exitCode === null) killTree(child);
    await ended;
    removeDataDirectory(dataDirectory);
    throw error;
  });
  return {
    outputs: JSON.parse(readFileSync(join(dataDirectory, 'outputs.json'), 'utf8')) as Outputs,
    dataDirectory,
    printed: () => printed,
    stop: async () => {
      child.kill('SIGINT');
      const code = await ended;
      refuseDenials(dataDirectory);
      return code;
    },
    kill: async () => {
      killTree(child);
      await ended;
    },
  };
}

/** The local cloud enforces the policies of the Terraform: what it refused here would fail on AWS as well. */
function refuseDenials(dataDirectory: string): void {
  const lines = readFileSync(join(dataDirectory, 'local-cloud.log'), 'utf8').trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const denied = entries.filter(({ message }) => message === 'A call was refused by the policies.');
  if (denied.length === 0) return;
  const calls = denied.map(
    ({ who, action, resource, reason }) => `${who}: ${action} on ${resource}, ${reason}`,
  );
  throw new Error(`Policies refused what Skafu needs:\n${calls.join('\n')}`);
}

/** Every process that descends from ours, also those in groups of their own, such as the database's. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const parents = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const tree = [child.pid];
  for (const pid of tree) {
    for (const [candidate, parent] of parents)
      if (parent === pid && candidate !== undefined) tree.push(candidate);
  }
  for (const pid of tree) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It had ended by itself since we looked.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

export function newDataDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'skafu-'));
}

export function removeDataDirectory(directory: string | undefined): void {
  if (directory === undefined) return;
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [port = 0, awsPort = 0] = ports;
  return [port, awsPort];
}

/** Looks again and again until the condition holds; says what it waited for when it never does. */
export async function waitFor<Found>(
  look: () => Found | Promise<Found>,
  {
    seconds = 30,
    what,
    everyMilliseconds = 100,
  }: { seconds?: number; what: string | (() => string); everyMilliseconds?: number },
): Promise<NonNullable<Found>> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > until)
      throw new Error(`Waited ${seconds} s for ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, everyMilliseconds));
  }
}
