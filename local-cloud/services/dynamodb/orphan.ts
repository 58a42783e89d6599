import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Logger } from '../../core/logger.ts';

const PATIENCE_MILLISECONDS = 5_000;

/**
 * Ends the engine that a killed local cloud left behind, so that two never write one database. A process is only
 * ended when its command line is really our jar with our data: its id may long belong to someone else.
 */
export async function endOrphan(record: string, jar: string, data: string, logger: Logger): Promise<void> {
  const pid = recordedPid(record);
  if (pid !== undefined && isOurs(await commandLine(pid), jar, data)) {
    logger.warn('Ending the DynamoDB Local that an earlier run left behind.', { pid });
    await end(pid);
  }
  rmSync(record, { force: true });
}

function recordedPid(record: string): number | undefined {
  if (!existsSync(record)) return undefined;
  const [, digits] = /"pid":(\d+)/.exec(readFileSync(record, 'utf8')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function isOurs(command: string[], jar: string, data: string): boolean {
  if (command.length > 1) return command.some((word) => word.endsWith(jar)) && command.includes(data);
  const line = command[0] ?? '';
  return line.includes(jar) && line.includes(`-dbPath ${data} `);
}

/** The words of a process's command line, or one line where the system does not keep them apart. */
async function commandLine(pid: number): Promise<string[]> {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readFileSync(file, 'utf8').split('\0');
  try {
    return [(await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])).stdout];
  } catch {
    // ps fails when there is no such process.
    return [];
  }
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
    await delay(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended but whose parent has not asked for it holds no files any more.
    const status = `/proc/${pid}/stat`;
    return !existsSync(status) || !/^\d+ \(.*\) Z/.test(readFileSync(status, 'utf8'));
  } catch {
    return false;
  }
}
