import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** DynamoDB Local as a local cloud runs it on this data folder. */
export function enginePid(dataDirectory: string): number {
  const record = readFileSync(join(dataDirectory, 'dynamodb/process.json'), 'utf8');
  return (JSON.parse(record) as { pid: number }).pid;
}

/** What a process holds of the machine's memory, in bytes. */
export function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) * 1024;
}

/** Its own port, which only its command line tells. Throws when it is not there. */
export function enginePort(dataDirectory: string): number {
  const pid = enginePid(dataDirectory);
  const command = execFileSync('ps', ['-o', 'args=', '-p', `${pid}`], { encoding: 'utf8' });
  const port = /-port (\d+)/u.exec(command)?.[1];
  if (port === undefined) throw new Error('The port of DynamoDB Local is not to be found.');
  return Number(port);
}
