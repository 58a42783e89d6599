import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ResourceHandler } from '../core/service.ts';
import { createTestCloud, type TestCloud } from '../core/testing.ts';
import { applyPlan, type Kept, keptNamespace, type Made, planTerraform } from './apply.ts';
import { differenceOf } from './difference.ts';

let directory: string;
let cloud: TestCloud;
let log: string[];
let made: Made;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'difference-'));
  cloud = createTestCloud();
  log = [];
  made = new Map();
});
afterEach(() => {
  cloud.remove();
  rmSync(directory, { recursive: true, force: true });
});

const handler: ResourceHandler = {
  async apply({ address, desired }) {
    log.push(`apply ${address}`);
    return { id: desired['name'], arn: `arn:${desired['name']}` };
  },
  async remove(address) {
    log.push(`remove ${address}`);
  },
};

function write(things: Record<string, object>): void {
  mkdirSync(join(directory, 'a'), { recursive: true });
  writeFileSync(join(directory, 'a', 'cdk.tf.json'), JSON.stringify({ resource: { aws_thing: things } }));
}

async function apply(): Promise<void> {
  await applyPlan(planTerraform(directory), cloud, new Map([['aws_thing', handler]]), made);
}

async function difference() {
  const kept = await cloud.state.namespace(keptNamespace).list<Kept>();
  return differenceOf(planTerraform(directory), new Map(kept.map(({ key, value }) => [key, value])));
}

test('names what is new, what differs and by which arguments, and what is gone, last made first', async () => {
  write({ one: { name: 'one', size: 1 }, two: { name: 'two' }, three: { name: '${aws_thing.two.arn}3' } });
  await apply();
  expect(await difference()).toEqual([]);
  write({ one: { name: 'one', size: 2, tags: {} }, four: { name: 'four' } });
  expect(await difference()).toEqual([
    { action: 'update', address: 'a/aws_thing.one', type: 'aws_thing', differs: ['size', 'tags'] },
    { action: 'create', address: 'a/aws_thing.four', type: 'aws_thing', differs: [] },
    { action: 'remove', address: 'a/aws_thing.three', type: 'aws_thing', differs: [] },
    { action: 'remove', address: 'a/aws_thing.two', type: 'aws_thing', differs: [] },
  ]);
});

test('a second apply in one process does only what differs, and what refers to it', async () => {
  write({ one: { name: 'one' }, two: { name: 'two' }, three: { name: '${aws_thing.two.arn}3' } });
  await apply();
  log = [];
  write({ one: { name: 'one' }, two: { name: 'zwei' }, three: { name: '${aws_thing.two.arn}3' } });
  await apply();
  expect(log).toEqual(['apply a/aws_thing.two', 'apply a/aws_thing.three']);
  log = [];
  await apply();
  expect(log).toEqual([]);
});

test('what was removed and comes again is made again', async () => {
  write({ one: { name: 'one' } });
  await apply();
  write({});
  await apply();
  log = [];
  write({ one: { name: 'one' } });
  await apply();
  expect(log).toEqual(['apply a/aws_thing.one']);
});

test('what only names its place in the source anew does not differ', async () => {
  write({ one: { name: 'one', '//': { metadata: { path: 'old' } } } });
  await apply();
  write({ one: { name: 'one', '//': { metadata: { path: 'new' } } } });
  expect(await difference()).toEqual([]);
});
