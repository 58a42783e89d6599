import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { archiveOf, createLambdaFixture, type LambdaFixture } from './lambda-fixture.ts';

let lambda: LambdaFixture;
let said: string[];
let archive: string;

const saying = (word: string) =>
  `export const handler = async ({ wait = 0 }) => { if (wait) await new Promise((done) => setTimeout(done, wait)); return '${word}'; };`;
const invoke = async (event: object = {}) =>
  (await lambda.cloud.ports.functions.invoke('shop', event)).payload;

/** Calls the function until it answers with new code; answers the milliseconds since then. */
async function untilIt(says: string, since: number): Promise<number> {
  await expect.poll(() => invoke(), { timeout: 20_000, interval: 1 }).toBe(says);
  return performance.now() - since;
}

beforeEach(async () => {
  said = [];
  lambda = createLambdaFixture();
  archive = join(lambda.folder, 'shop.zip');
  await lambda.deploy('shop', saying('old'), { timeout: 30 });
  expect(await invoke()).toBe('old');
  await lambda.lambda.follow?.((line) => said.push(line));
});
afterEach(() => lambda.close());

test('changed code is what the next call runs, and what runs ends on the old', async () => {
  const running = invoke({ wait: 2000 });
  const took: number[] = [];
  for (const word of ['new', 'newer', 'newest']) {
    const since = performance.now();
    writeFileSync(archive, archiveOf(saying(word)));
    took.push(await untilIt(word, since));
    // As long as an edit takes, and less.
    expect(await invoke({ wait: 1000 })).toBe(word);
  }
  expect(await running).toBe('old');
  expect(said).toContainEqual(expect.stringMatching(/^shop runs its new code, \d+ ms after it changed$/u));
  process.stdout.write(`hot reload until the first answer: ${took.map(Math.round).join(', ')} ms\n`);
});

test('a file that is put in its place is taken up, and one whose folder is made anew', async () => {
  writeFileSync(`${archive}.next`, archiveOf(saying('renamed')));
  renameSync(`${archive}.next`, archive);
  await untilIt('renamed', performance.now());
  rmSync(lambda.folder, { recursive: true });
  expect(await invoke()).toBe('renamed');
  mkdirSync(lambda.folder);
  writeFileSync(archive, archiveOf(saying('anew')));
  await untilIt('anew', performance.now());
  writeFileSync(archive, archiveOf(saying('again')));
  await untilIt('again', performance.now());
});

test('a file that is half written changes nothing until it is whole', async () => {
  const whole = archiveOf(saying('whole'));
  writeFileSync(archive, whole.subarray(0, whole.length / 2));
  await expect.poll(() => invoke(), { timeout: 1000 }).toBe('old');
  writeFileSync(archive, whole);
  await untilIt('whole', performance.now());
});

test('a file that is whole in length alone is not taken, and that is said', async () => {
  const torn = Buffer.from(archiveOf(saying('whole')));
  // A byte of the name and the ends of the archive are left as they are: only the checksum tells.
  const middle = 50;
  torn[middle] = (torn[middle] ?? 0) ^ 0x01;
  writeFileSync(archive, torn);
  await expect
    .poll(() => said, { timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/^shop goes on with its old code: Could not unzip/u));
  expect(await invoke()).toBe('old');
});
