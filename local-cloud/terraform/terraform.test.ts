import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attributes, Resource, ResourceHandler } from '../core/service.ts';
import { createTestCloud, type TestCloud } from '../core/testing.ts';
import { applyPlan, checkTypes, planTerraform } from './apply.ts';

let root: string;
let directory: string;
let cloud: TestCloud;
let log: string[];
let handlers: Map<string, ResourceHandler>;
let seen: Map<string, { desired: Attributes; previous: Attributes | undefined }>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'terraform-'));
  directory = root;
  cloud = createTestCloud();
  log = [];
  seen = new Map();
  const handler: ResourceHandler = {
    async apply({ address, desired }: Resource, previous) {
      log.push(`apply ${address}`);
      seen.set(address, { desired, previous });
      return { id: desired['name'], arn: `arn:${desired['name']}` };
    },
    async remove(address) {
      log.push(`remove ${address}`);
    },
  };
  handlers = new Map([['aws_thing', handler]]);
});

afterEach(() => {
  cloud.remove();
  rmSync(root, { recursive: true, force: true });
});

function write(stack: string, content: object): void {
  mkdirSync(join(directory, stack), { recursive: true });
  writeFileSync(join(directory, stack, 'cdk.tf.json'), JSON.stringify(content));
}

const things = (named: Record<string, object>) => ({ resource: { aws_thing: named } });
const plan = () => planTerraform(directory);
const apply = () => applyPlan(plan(), cloud, handlers, new Map());

describe('the stacks', () => {
  it('are applied in order of what they refer to, whatever the order they are written in', async () => {
    write(
      'a',
      things({
        last: { name: 'l-${aws_thing.first.arn}' },
        first: { name: 'f', depends_on: ['aws_thing.base'] },
        base: { name: 'b' },
      }),
    );
    await apply();
    expect(log).toEqual(['apply a/aws_thing.base', 'apply a/aws_thing.first', 'apply a/aws_thing.last']);
    expect(seen.get('a/aws_thing.last')?.desired).toEqual({ name: 'l-arn:f' });
  });

  it('read each other’s outputs, by state file and by name, also both ways', async () => {
    const backend = (path: string) => ({ terraform: { backend: { local: { path } } } });
    const state = (name: string, path: string) => {
      return { data: { terraform_remote_state: { [name]: { backend: 'local', config: { path } } } } };
    };
    write('a', {
      ...backend('../x.tfstate'),
      ...state('cross-stack-reference-input-b', '../nowhere.tfstate'),
      ...things({
        one: { name: 'one' },
        three: { name: '${data.terraform_remote_state.cross-stack-reference-input-b.outputs.two}3' },
      }),
      output: { one: { value: '${aws_thing.one.arn}' } },
    });
    write('b', {
      ...state('other', '../x.tfstate'),
      ...things({ two: { name: '${data.terraform_remote_state.other.outputs.one}' } }),
      output: { two: { value: '${aws_thing.two.arn}', sensitive: true } },
    });
    const { outputs } = await apply();
    expect(outputs).toEqual({ a: { one: 'arn:one' }, b: { two: 'arn:arn:one' } });
    expect(seen.get('a/aws_thing.three')?.desired).toEqual({ name: 'arn:arn:one3' });
  });

  it('follow the dependencies that CDKTF writes beside them', async () => {
    directory = join(directory, 'stacks');
    write('a', things({ one: { name: 'one' } }));
    write('b', things({ two: { name: 'two' } }));
    const manifest = { stacks: { a: { dependencies: ['b'] }, b: { dependencies: [] } } };
    writeFileSync(join(directory, '..', 'manifest.json'), JSON.stringify(manifest));
    await apply();
    expect(log).toEqual(['apply b/aws_thing.two', 'apply a/aws_thing.one']);
  });

  it('use locals, variables and data sources', async () => {
    write('a', {
      provider: { aws: [{ region: 'eu-west-1' }, { alias: 'edge', region: 'us-west-2' }] },
      variable: { stage: { default: 'dev' } },
      locals: { name: '${var.stage}-${data.aws_caller_identity.me.account_id}' },
      data: {
        aws_caller_identity: { me: {} },
        aws_region: { edge: { provider: 'aws.edge' } },
        aws_iam_policy_document: {
          read: {
            statement: [
              {
                actions: ['s3:GetObject'],
                resources: ['*'],
                principals: [{ type: 'Service', identifiers: ['a'] }],
              },
            ],
          },
        },
      },
      ...things({
        it: {
          name: '${local.name}',
          where: '${data.aws_region.edge.name}',
          policy: '${data.aws_iam_policy_document.read.minified_json}',
          tags: { a: null },
        },
      }),
    });
    await apply();
    const policy =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Principal":{"Service":"a"}}]}';
    expect(seen.get('a/aws_thing.it')?.desired).toEqual({
      name: 'dev-000000000000',
      where: 'us-west-2',
      policy,
      tags: {},
    });
  });

  it('are told what they answered before, and what vanished is removed, last first', async () => {
    write(
      'a',
      things({
        one: { name: 'one' },
        two: { name: 'two', depends_on: ['aws_thing.one'] },
        kept: { name: 'kept' },
      }),
    );
    await apply();
    write('a', things({ kept: { name: 'kept' } }));
    log = [];
    await apply();
    expect(seen.get('a/aws_thing.kept')?.previous).toEqual({ id: 'kept', arn: 'arn:kept' });
    expect(log).toEqual(['apply a/aws_thing.kept', 'remove a/aws_thing.two', 'remove a/aws_thing.one']);
  });

  it('keep what only moved to another address', async () => {
    write('a', things({ old: { name: 'same' } }));
    await apply();
    write('a', things({ new: { name: 'same' } }));
    log = [];
    await apply();
    expect(log).toEqual(['apply a/aws_thing.new']);
  });

  it('give accepted types an id and an ARN, and leave a type to the service that owns it', async () => {
    write('a', {
      resource: { aws_kms_key: { key: {} } },
      output: { key: { value: '${aws_kms_key.key.arn}' } },
    });
    const { outputs } = await apply();
    expect(outputs['a']?.['key']).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}$/);
    handlers.set('aws_kms_key', { apply: async () => ({ arn: 'owned' }) });
    expect((await apply()).outputs['a']?.['key']).toBe('owned');
  });

  it.each<[string, object, string]>([
    [
      'a cycle',
      things({ one: { name: '${aws_thing.two.arn}' }, two: { name: '${aws_thing.one.arn}' } }),
      'a/aws_thing.one → a/aws_thing.two → a/aws_thing.one',
    ],
    ['count', things({ one: { count: 2 } }), 'a/aws_thing.one: "count" is not supported'],
    [
      'an unknown reference',
      things({ one: { name: '${aws_thing.none.arn}' } }),
      'a/aws_thing.one refers to aws_thing.none',
    ],
    [
      'a variable without value',
      { variable: { x: {} }, ...things({ one: { name: '${var.x}' } }) },
      'the variable "x" has no default value',
    ],
    ['a broken expression', things({ one: { name: '${' } }), 'a/aws_thing.one: '],
    [
      'a state that no stack writes',
      {
        data: { terraform_remote_state: { x: { config: { path: 'y' } } } },
        output: { o: { value: '${data.terraform_remote_state.x.outputs.z}' } },
      },
      'none of the stacks writes the state it reads (y)',
    ],
  ])('are refused for %s', (_what, content, message) => {
    write('a', content);
    expect(plan).toThrow(message);
  });

  it('are refused for types nobody knows, all of them named', () => {
    write('a', {
      resource: { aws_robot: { r: {} }, aws_rocket: { s: {} } },
      data: { aws_ami: { image: {} } },
    });
    expect(() => checkTypes(plan(), handlers)).toThrow(
      'aws_robot (a/aws_robot.r), aws_rocket (a/aws_rocket.s), data aws_ami',
    );
  });

  it('are refused when an attribute is missing or a service refuses, with the address', async () => {
    write('a', things({ one: { name: 'one' }, two: { name: '${aws_thing.one.nope}' } }));
    await expect(apply()).rejects.toThrow('a/aws_thing.two: aws_thing.one.nope has no value here');
    handlers.set('aws_thing', { apply: () => Promise.reject(new Error('no room')) });
    await expect(apply()).rejects.toThrow('a/aws_thing.one: no room');
  });

  it('are refused when there are none, or one is no JSON', () => {
    expect(plan).toThrow('holds no <stack>/cdk.tf.json');
    mkdirSync(join(directory, 'a'));
    writeFileSync(join(directory, 'a', 'cdk.tf.json'), '{');
    expect(plan).toThrow('cannot be read as JSON');
  });
});
