import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { streamKey } from '#shared/event-store/commit.ts';
import type { Seal } from '#shared/event-store/seal.ts';
import {
  dollarsPerReadUnit,
  estimateVerification,
  type Progress,
  verifyOneStream,
  verifyStore,
} from '#shared/event-store/verify-store.ts';
import type { Expectations, Flaw } from '#shared/event-store/verify-stream.ts';

interface Run extends Expectations {
  /** `tenant/type/id` */
  readonly stream?: string | undefined;
  readonly tenant?: string | undefined;
  readonly segments?: number | undefined;
  readonly seal?: Seal | undefined;
  readonly print: (line: string) => void;
}

const secondsBetweenLines = 2;

/** Verifies and prints what it finds; answers the exit code: 0 whole, 1 not whole. */
export async function runVerification(client: DynamoDBClient, table: string, run: Run): Promise<number> {
  const { print, seal } = run;
  print(
    seal
      ? `Held against the seal of ${seal.time}: ${count(seal.streams, 'stream')}, root ${seal.root}`
      : 'Held against no seal: commits cut off the end of a stream do not show.',
  );
  return run.stream === undefined
    ? verifyAll(client, table, run)
    : verifyNamed(client, table, run.stream, run);
}

async function verifyNamed(client: DynamoDBClient, table: string, path: string, run: Run): Promise<number> {
  const [tenant, type, ...id] = path.split('/');
  if (!tenant || !type || id.length === 0) throw new Error('A stream is named as tenant/type/id.');
  const key = streamKey({ tenant, type, id: id.join('/') });
  const { commits, events, flaw } = await verifyOneStream(client, table, key, run);
  if (!flaw && commits === 0) throw new Error(`There is no stream ${key} in ${table}.`);
  run.print(flaw ? sentenceOf(flaw) : `Whole: ${count(commits, 'commit')}, ${count(events, 'event')}.`);
  return flaw ? 1 : 0;
}

async function verifyAll(client: DynamoDBClient, table: string, run: Run): Promise<number> {
  const { print } = run;
  const estimate = await estimateVerification(client, table);
  print(
    `About ${number(estimate.items)} items, ${(estimate.bytes / 1e6).toFixed(1)} MB: ${number(estimate.readUnits)} read units, $${estimate.dollars.toFixed(4)} on demand in us-east-1.`,
  );
  const started = performance.now();
  const seconds = () => Math.max((performance.now() - started) / 1000, 0.001);
  let told = 0;
  const onProgress = (progress: Progress) => {
    if (seconds() - told < secondsBetweenLines) return;
    told = seconds();
    print(
      `${number(progress.commits)} commits of ${count(progress.streams, 'stream')}, ${number(progress.commits / told)} commits/s`,
    );
  };
  const result = await verifyStore(client, table, { ...run, onProgress });
  const took = seconds();
  for (const flaw of result.flaws) print(sentenceOf(flaw));
  print(
    `${result.flaws.length === 0 ? 'Whole' : `Not whole in ${count(result.flaws.length, 'place')}`}: ${count(result.streams, 'stream')}, ${count(result.commits, 'commit')}, ${count(result.events, 'event')}, ${count(result.snapshots, 'snapshot')}, ${count(result.reservations, 'reservation')} in ${took.toFixed(1)} s (${number(result.commits / took)} commits/s, ${number(result.readUnits)} read units, $${(result.readUnits * dollarsPerReadUnit).toFixed(4)})`,
  );
  return result.flaws.length === 0 ? 0 : 1;
}

function sentenceOf({ stream, commit, what }: Flaw): string {
  return `${stream}${commit === undefined ? '' : `, commit ${commit}`}: ${what}`;
}

function count(value: number, noun: string): string {
  return `${number(value)} ${noun}${value === 1 ? '' : 's'}`;
}

const number = (value: number) => Math.round(value).toLocaleString('en-US');
