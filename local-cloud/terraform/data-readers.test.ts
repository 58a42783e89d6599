import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DataReader, ResourceHandler } from '../core/service.ts';
import { createTestCloud, type TestCloud } from '../core/testing.ts';
import { applyPlan, checkTypes, type Kept, keptNamespace, planTerraform } from './apply.ts';
import { differenceOf } from './difference.ts';

let directory: string;
let cloud: TestCloud;
const values = new Map<unknown, unknown>();
const seen: unknown[] = [];
const handlers = new Map<string, ResourceHandler>([
  [
    'aws_ssm_parameter',
    {
      async apply({ desired, ignoreChanges }) {
        values.set(desired['name'], desired['value']);
        seen.push(ignoreChanges);
        return { id: desired['name'], name: desired['name'] };
      },
    },
  ],
]);
const readers = new Map<string, DataReader>([
  ['aws_ssm_parameter', async ({ name }) => ({ value: values.get(name) })],
]);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'data-readers-'));
  cloud = createTestCloud();
});
afterEach(() => {
  cloud.remove();
  rmSync(directory, { recursive: true, force: true });
});

function write(value: string): void {
  mkdirSync(join(directory, 'a'), { recursive: true });
  const content = {
    resource: {
      aws_ssm_parameter: { one: { name: '/one', value, lifecycle: { ignore_changes: ['value'] } } },
    },
    data: { aws_ssm_parameter: { one: { name: '${aws_ssm_parameter.one.name}' } } },
    output: { told: { value: '${data.aws_ssm_parameter.one.value}' } },
  };
  writeFileSync(join(directory, 'a', 'cdk.tf.json'), JSON.stringify(content));
}

const apply = () => applyPlan(planTerraform(directory), cloud, handlers, new Map(), readers);

test('a data source is read by the service that answers it, once what it refers to stands', async () => {
  write('v1');
  expect(() => checkTypes(planTerraform(directory), handlers)).toThrow(/data aws_ssm_parameter/u);
  checkTypes(planTerraform(directory), handlers, readers);
  expect((await apply()).outputs).toEqual({ a: { told: 'v1' } });
  expect(seen).toEqual([['value']]);
});

test('a secret is not kept, and that another one stands in its place is told all the same', async () => {
  write('s3cret');
  await apply();
  const kept = await cloud.state.namespace(keptNamespace).list<Kept>();
  expect(JSON.stringify(kept)).not.toContain('s3cret');
  const difference = () =>
    differenceOf(planTerraform(directory), new Map(kept.map(({ key, value }) => [key, value])));
  expect(difference()).toEqual([]);
  write('other');
  expect(difference()).toMatchObject([{ action: 'update', differs: ['value'] }]);
});
