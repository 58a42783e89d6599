import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { StandingFault } from '../core/faults.ts';
import type { Change } from '../terraform/difference.ts';
import { changeLines } from './lines.ts';
import { type Options, UsageError } from './options.ts';
import { type RunningCloud, runningCloud } from './running.ts';

type Say = (line: string) => void;
type Command = (options: Options, say: Say) => Promise<number>;

/** Loaded where it is needed: with every service it takes longer than most commands. */
const offline = () => import('./offline.ts');

/** What can be asked for, by its name. Each answers the exit code. */
export const commands: Readonly<Record<string, Command>> = {
  up: async (options, say) => (await import('./up.ts')).up(options, say),
  plan,
  apply,
  list,
  logs,
  invoke,
  faults,
  clock,
  snapshot,
  destroy,
};

async function plan({ stacksDirectory, dataDirectory }: Options, say: Say): Promise<number> {
  const changes =
    (await runningCloud(dataDirectory)?.own<Change[]>('GET', 'plan')) ??
    (await (await offline()).planOffline(stacksDirectory, dataDirectory));
  for (const line of changeLines(changes)) say(line);
  return 0;
}

async function apply({ dataDirectory }: Options, say: Say): Promise<number> {
  const changes = await needed(dataDirectory).own<Change[]>('POST', 'apply');
  for (const line of changeLines(changes)) say(line);
  return 0;
}

async function clock({ dataDirectory, subject }: Options, say: Say): Promise<number> {
  const running = needed(dataDirectory);
  const { now, ahead, ended } =
    subject === undefined
      ? await running.own<Told>('GET', 'clock.json')
      : await running.own<Told>('POST', 'clock', { by: subject });
  say(`${now}, ${ahead}${ended === undefined ? '' : `; ${ended} waits ended`}`);
  return 0;
}

/** What the local cloud says of its clock. */
interface Told {
  readonly now: string;
  readonly ahead: string;
  readonly ended?: number;
}

async function snapshot({ dataDirectory, subject }: Options, say: Say): Promise<number> {
  if (subject === undefined) throw new UsageError('snapshot needs the name of a folder.');
  const began = performance.now();
  await needed(dataDirectory).own('POST', 'snapshot', { folder: resolve(subject) });
  say(`${subject} holds a copy, made in ${Math.round(performance.now() - began)} ms.`);
  return 0;
}

async function list({ dataDirectory }: Options, say: Say): Promise<number> {
  const running = runningCloud(dataDirectory);
  const standing = running
    ? await running.own<{ address: string; id: string }[]>('GET', 'list')
    : [...(await (await offline()).keptOf(dataDirectory))].map(([address, { attributes }]) => ({
        address,
        id: String(attributes['arn'] ?? attributes['id'] ?? ''),
      }));
  for (const { address, id } of standing) say(`${address}  ${id}`);
  if (standing.length === 0) say('Nothing stands yet: start with `local-cloud up`.');
  return 0;
}

/** How often it is looked for further lines, in milliseconds. */
const lookEvery = 1_000;
/** How far back the first look goes, in milliseconds: a group may hold millions of lines. */
const lookBack = 3_600_000;

interface LogLine {
  readonly eventId: string;
  readonly timestamp: number;
  readonly message: string;
}

async function logs({ dataDirectory, subject, follow }: Options, say: Say): Promise<number> {
  if (subject === undefined) throw new UsageError('logs needs the name of a log group.');
  const running = needed(dataDirectory);
  let shown = new Set<string>();
  let from = Date.now() - lookBack;
  for (;;) {
    const lines = await linesOf(running, subject, from);
    for (const { eventId, timestamp, message } of lines) {
      from = Math.max(from, timestamp);
      if (!shown.has(eventId)) say(`${new Date(timestamp).toISOString()} ${message.trimEnd()}`);
    }
    // Only what came at the very last time can come again.
    if (lines.length > 0) shown = new Set(lines.map(({ eventId }) => eventId));
    if (!follow) return 0;
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
  }
}

async function linesOf(running: RunningCloud, logGroupName: string, startTime: number): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await json<{ events?: LogLine[]; nextToken?: string }>(
      await running.aws(
        'logs',
        '/',
        { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
        JSON.stringify({ logGroupName, startTime, ...(nextToken === undefined ? {} : { nextToken }) }),
      ),
    );
    lines.push(...(answer.events ?? []));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

async function invoke({ dataDirectory, subject, payload }: Options, say: Say): Promise<number> {
  if (subject === undefined) throw new UsageError('invoke needs the name of a function.');
  const path = `/2015-03-31/functions/${encodeURIComponent(subject)}/invocations`;
  const response = await needed(dataDirectory).aws('lambda', path, { 'x-amz-log-type': 'Tail' }, payload);
  const log = response.headers.get('x-amz-log-result');
  if (log !== null) process.stderr.write(Buffer.from(log, 'base64').toString('utf8'));
  if (!response.ok) await json(response);
  say(await response.text());
  return response.headers.has('x-amz-function-error') ? 1 : 0;
}

async function faults({ dataDirectory, subject, fault, seed }: Options, say: Say): Promise<number> {
  const running = needed(dataDirectory);
  if (subject === 'clear') await running.own('POST', 'faults/clear');
  else if (subject === 'add') {
    if (seed !== undefined) await running.own('POST', 'faults/seed', { seed: Number(seed) });
    await running.own('POST', 'faults', jsonOf('--fault', fault));
  } else if (subject !== undefined) throw new UsageError(`faults knows add and clear, not ${subject}.`);
  const { faults: standing } = await running.own<{ faults: StandingFault[] }>('GET', 'faults.json');
  for (const { id, kind, action, resource, share, asked, struck, until } of standing) {
    const part = `${Math.round(share * 100)} % of ${action} on ${resource}`;
    say(`${id}  ${kind} of ${part}, struck ${struck} of ${asked}, until ${new Date(until).toISOString()}`);
  }
  if (standing.length === 0) say('Nothing goes wrong on purpose.');
  return 0;
}

function jsonOf(name: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw new UsageError(`${name} must be a JSON object, and is ${text}.`);
}

/** What shows that a folder is a local cloud's, and nobody's documents. */
const marks = ['state', 'local-cloud.log'];

async function destroy({ dataDirectory, yes }: Options, say: Say): Promise<number> {
  if (runningCloud(dataDirectory))
    throw new Error('The local cloud runs: stop it first, with Ctrl-C where it was started.');
  if (!existsSync(dataDirectory)) {
    say('There is nothing to remove.');
    return 0;
  }
  if (!marks.every((name) => existsSync(join(dataDirectory, name))))
    throw new Error(`${dataDirectory} is no data folder of a local cloud; nothing was removed.`);
  if (!yes) throw new UsageError(`This removes everything in ${dataDirectory} for good: say so with --yes.`);
  // Throws where another process holds it.
  const count = (await (await offline()).keptOf(dataDirectory)).size;
  rmSync(dataDirectory, { recursive: true, maxRetries: 5 });
  say(`${count} resources and their data were removed.`);
  return 0;
}

function needed(dataDirectory: string): RunningCloud {
  const running = runningCloud(dataDirectory);
  if (running) return running;
  throw new Error(`No local cloud runs on ${dataDirectory}: start one with \`local-cloud up\`.`);
}

async function json<Answer>(response: Response): Promise<Answer> {
  const answer = (await response.json()) as Answer & { message?: string; Message?: string };
  if (response.ok) return answer;
  throw new Error(answer.message ?? answer.Message ?? `It answered ${response.status}.`);
}
