import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { BusEntry } from '../../core/cloud.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createSsm } from './index.ts';

let cloud: TestCloud;
let ssm: Service;
let announced: BusEntry[];

beforeEach(async () => {
  announced = [];
  cloud = createTestCloud({
    ports: {
      buses: {
        put: async (entries) => {
          announced.push(...entries);
          return entries.map(() => 'id');
        },
      },
    },
  });
  ssm = await createSsm(cloud);
});
afterEach(() => cloud.remove());

async function call(operation: string, input: Record<string, unknown> = {}): Promise<Attributes> {
  const run = ssm.operations?.[operation];
  if (!run) throw new Error(`There is no ${operation}.`);
  return { ...(await run(input, { headers: {}, caller: administrator } as unknown as AwsRequest)) };
}
const put = (Name: string, Value: string, more: Attributes = {}) =>
  call('PutParameter', { Name, Value, Type: 'String', ...more });
const shownValue = async (Name: string, more: Attributes = {}) =>
  ((await call('GetParameter', { Name, ...more }))['Parameter'] as Attributes)['Value'];
const namesIn = async (operation: string, input: Attributes) =>
  ((await call(operation, input))['Parameters'] as Attributes[]).map(({ Name }) => Name);
const apply = (desired: Attributes, previous?: Attributes, ignoreChanges: string[] = []) =>
  ssm.resources['aws_ssm_parameter']?.apply(
    { ...testResource('aws_ssm_parameter', 'one', desired), ignoreChanges },
    previous,
  );
const kept = async () => JSON.stringify(await cloud.state.namespace('ssm').list());

describe('a parameter', () => {
  test('has versions, each found by its number, the newest without one', async () => {
    expect(await put('/a/b', 'one')).toEqual({ Version: 1, Tier: 'Standard' });
    expect(await put('/a/b', 'two', { Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await shownValue('/a/b')).toBe('two');
    expect(await shownValue('/a/b:1')).toBe('one');
    expect(await shownValue('arn:aws:ssm:us-east-1:000000000000:parameter/a/b')).toBe('two');
    await expect(shownValue('/a/b:3')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
  });

  test('is found by its ARN, whether its name begins with a slash or not', async () => {
    await put('plain', 'v');
    expect(await shownValue('arn:aws:ssm:us-east-1:000000000000:parameter/plain')).toBe('v');
  });

  test('outlasts a restart with its versions, labels and tags', async () => {
    await put('/a', 'one', { Tags: [{ Key: 'team', Value: 'x' }] });
    await put('/a', 'two', { Overwrite: true });
    await call('LabelParameterVersion', { Name: '/a', ParameterVersion: 1, Labels: ['old'] });
    ssm = await createSsm(cloud);
    expect(await shownValue('/a:old')).toBe('one');
    expect(await shownValue('/a')).toBe('two');
    expect(await call('ListTagsForResource', { ResourceType: 'Parameter', ResourceId: '/a' })).toEqual({
      TagList: [{ Key: 'team', Value: 'x' }],
    });
  });

  test('keeps a hundred versions, and never drops one that has a label', async () => {
    await put('/a', '1');
    for (let version = 2; version <= 101; version += 1) await put('/a', `${version}`, { Overwrite: true });
    await expect(shownValue('/a:1')).rejects.toMatchObject({ code: 'ParameterVersionNotFound' });
    await call('LabelParameterVersion', { Name: '/a', ParameterVersion: 2, Labels: ['keep'] });
    await expect(put('/a', 'x', { Overwrite: true })).rejects.toMatchObject({
      code: 'ParameterMaxVersionLimitExceeded',
    });
  });

  test('tells the default bus of each change', async () => {
    await put('/a', '1', { Description: 'd' });
    await put('/a', '2', { Overwrite: true });
    await call('LabelParameterVersion', { Name: '/a', Labels: ['l'] });
    await call('DeleteParameter', { Name: '/a' });
    expect(announced[0]).toEqual({
      ...{ source: 'aws.ssm', detailType: 'Parameter Store Change' },
      resources: ['arn:aws:ssm:us-east-1:000000000000:parameter/a'],
      detail: { operation: 'Create', name: '/a', type: 'String', description: 'd' },
    });
    const operations = announced.map(({ detail }) => (detail as Attributes)['operation']);
    expect(operations).toEqual(['Create', 'Update', 'LabelParameterVersion', 'Delete']);
  });
});

describe('a secure parameter', () => {
  test('is sealed on disk and opened only with decryption', async () => {
    await put('/secret', 'hunter2', { Type: 'SecureString' });
    expect(await kept()).not.toContain('hunter2');
    expect(await shownValue('/secret')).not.toContain('hunter2');
    ssm = await createSsm(cloud);
    expect(await shownValue('/secret', { WithDecryption: true })).toBe('hunter2');
    expect(JSON.stringify(await ssm.views?.[0]?.show(new URLSearchParams()))).not.toContain('hunter2');
  });
});

test.each([
  [{ Name: '/a', Type: 'String', Value: 'x' }, 'ParameterAlreadyExists'],
  [{ Name: '/a', Type: 'SecureString', Value: 'x', Overwrite: true }, 'HierarchyTypeMismatchException'],
  [{ Name: '/n', Value: 'x' }, 'ValidationException'],
  [{ Name: '/n', Type: 'Number', Value: 'x' }, 'ValidationException'],
  [{ Name: '/n', Type: 'String', Value: '' }, 'ValidationException'],
  [{ Name: 'a/b', Type: 'String', Value: 'x' }, 'ValidationException'],
  [{ Name: 'ssm-x', Type: 'String', Value: 'x' }, 'ValidationException'],
  [{ Name: '/aws/x', Type: 'String', Value: 'x' }, 'AccessDeniedException'],
  [{ Name: `/${'x/'.repeat(15)}x`, Type: 'String', Value: 'x' }, 'HierarchyLevelLimitExceededException'],
  [{ Name: '/n', Type: 'String', Value: 'x'.repeat(4097) }, 'ValidationException'],
  [{ Name: '/n', Type: 'String', Value: 'x'.repeat(8193), Tier: 'Advanced' }, 'ValidationException'],
  [{ Name: '/n', Type: 'String', Value: 'x', AllowedPattern: '^\\d+$' }, 'ParameterPatternMismatchException'],
  [{ Name: '/n', Type: 'String', Value: 'x', AllowedPattern: '(' }, 'InvalidAllowedPatternException'],
  [{ Name: '/n', Type: 'String', Value: 'x', KeyId: 'k' }, 'ValidationException'],
  [{ Name: '/n', Type: 'String', Value: 'x', DataType: 'aws:ec2:image' }, 'NotImplemented'],
  [{ Name: '/n', Type: 'String', Value: 'x', Policies: '[{}]' }, 'NotImplemented'],
  [{ Name: '/a', Value: 'x', Overwrite: true, Tags: [{ Key: 'k', Value: 'v' }] }, 'ValidationException'],
])('%j is refused with %s', async (input, code) => {
  await put('/a', '1');
  await expect(call('PutParameter', input)).rejects.toMatchObject({ code });
});

test('the tier follows the size where it may choose, and is never lowered', async () => {
  expect(await put('/a', 'x'.repeat(5000), { Tier: 'Intelligent-Tiering' })).toMatchObject({
    Tier: 'Advanced',
  });
  expect(await put('/a', 'x', { Overwrite: true })).toMatchObject({ Tier: 'Advanced' });
  await expect(put('/a', 'x', { Overwrite: true, Tier: 'Standard' })).rejects.toThrow(/downgrade/u);
  expect(await ssm.holdings?.()).toMatchObject([{ usageType: 'USE1-PS-Advanced-Param-Tier1', amount: 1 }]);
});

describe('labels', () => {
  test('stand at one version and move from one to another', async () => {
    await put('/a', '1');
    await put('/a', '2', { Overwrite: true });
    await call('LabelParameterVersion', { Name: '/a', ParameterVersion: 1, Labels: ['live'] });
    await call('LabelParameterVersion', { Name: '/a', Labels: ['live'] });
    expect(await shownValue('/a:live')).toBe('2');
    expect((await call('GetParameterHistory', { Name: '/a' }))['Parameters']).toMatchObject([
      { Version: 1, Labels: [] },
      { Version: 2, Labels: ['live'] },
    ]);
    const removed = await call('UnlabelParameterVersion', {
      ...{ Name: '/a', ParameterVersion: 2, Labels: ['live', 'other'] },
    });
    expect(removed).toEqual({ RemovedLabels: ['live'], InvalidLabels: ['other'] });
  });

  test('that AWS keeps, or that begin with a digit, are told as invalid, and ten are the most', async () => {
    await put('/a', '1');
    expect(await call('LabelParameterVersion', { Name: '/a', Labels: ['1st', 'AWSx', 'ok'] })).toEqual({
      InvalidLabels: ['1st', 'AWSx'],
      ParameterVersion: 1,
    });
    const Labels = Array.from({ length: 10 }, (_, number) => `l${number}`);
    await expect(call('LabelParameterVersion', { Name: '/a', Labels })).rejects.toMatchObject({
      code: 'ParameterVersionLabelLimitExceeded',
    });
  });
});

describe('a path', () => {
  beforeEach(async () => {
    for (const name of ['/app/a', '/app/b', '/app/deep/c', '/apples', 'flat']) await put(name, 'v');
    await put('/app/secret', 'v', { Type: 'SecureString', Tags: [{ Key: 'team', Value: 'x' }] });
  });

  test.each([
    [{ Path: '/app' }, ['/app/a', '/app/b', '/app/secret']],
    [{ Path: '/app/', Recursive: true }, ['/app/a', '/app/b', '/app/deep/c', '/app/secret']],
    [{ Path: '/' }, ['/apples', 'flat']],
    [{ Path: '/none' }, []],
    [{ Path: '/app', ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] }, ['/app/secret']],
  ])('%j holds %j', async (input, expected) => {
    expect(await namesIn('GetParametersByPath', input)).toEqual(expected);
  });

  test('is told page by page, whatever is removed in between', async () => {
    const first = await call('GetParametersByPath', { Path: '/', Recursive: true, MaxResults: 2 });
    await call('DeleteParameter', { Name: '/app/b' });
    const NextToken = first['NextToken'];
    expect(await namesIn('GetParametersByPath', { Path: '/', Recursive: true, NextToken })).toEqual([
      ...['/app/deep/c', '/app/secret', '/apples', 'flat'],
    ]);
    await expect(call('GetParametersByPath', { Path: '/', NextToken: 'other' })).rejects.toMatchObject({
      code: 'InvalidNextToken',
    });
  });

  test.each([
    [
      [
        { Key: 'Name', Option: 'Contains', Values: ['app'] },
        { Key: 'Type', Values: ['String'] },
      ],
      4,
    ],
    [[{ Key: 'Name', Option: 'BeginsWith', Values: ['/app/'] }], 4],
    [[{ Key: 'Name', Values: ['/app/a', 'flat'] }], 2],
    [[{ Key: 'Path', Option: 'Recursive', Values: ['/app'] }], 4],
    [[{ Key: 'Path', Values: ['/app'] }], 3],
    [[{ Key: 'tag:team', Values: ['x'] }], 1],
    [[{ Key: 'tag:team', Values: ['y'] }], 0],
    [[{ Key: 'Tier', Values: ['Advanced'] }], 0],
    [[{ Key: 'KeyId', Values: ['alias/aws/ssm'] }], 1],
  ])('and filters such as %j choose %d of all', async (ParameterFilters, count) => {
    expect(await namesIn('DescribeParameters', { ParameterFilters })).toHaveLength(count);
  });

  test.each([
    [[{ Key: 'Colour', Values: ['x'] }], 'InvalidFilterKey'],
    [[{ Key: 'Type', Option: 'Contains', Values: ['x'] }], 'InvalidFilterOption'],
    [[{ Key: 'Type' }], 'InvalidFilterValue'],
  ])('a filter such as %j is refused with %s', async (ParameterFilters, code) => {
    await expect(call('DescribeParameters', { ParameterFilters })).rejects.toMatchObject({ code });
  });

  test('several are read and deleted at once, and those that are not there are told', async () => {
    const read = await call('GetParameters', { Names: ['flat', '/none', '/app/a:9'] });
    expect(read).toMatchObject({ Parameters: [{ Name: 'flat' }], InvalidParameters: ['/none', '/app/a:9'] });
    expect(await call('DeleteParameters', { Names: ['flat', '/none'] })).toEqual({
      DeletedParameters: ['flat'],
      InvalidParameters: ['/none'],
    });
    await expect(shownValue('flat')).rejects.toMatchObject({ code: 'ParameterNotFound' });
  });
});

describe('a parameter of the Terraform', () => {
  const desired = { name: '/t', type: 'SecureString', value: 'one', tags: { team: 'x' } };

  test('stands as it is written, and its value is kept nowhere else', async () => {
    const answered = await apply(desired);
    expect(answered).toMatchObject({
      ...{ id: '/t', arn: 'arn:aws:ssm:us-east-1:000000000000:parameter/t', version: 1, tier: 'Standard' },
    });
    expect(JSON.stringify(answered)).not.toContain('one');
    expect(await shownValue('/t', { WithDecryption: true })).toBe('one');
  });

  test('makes a new version only when something differs', async () => {
    await apply(desired);
    expect(await apply(desired)).toMatchObject({ version: 1 });
    expect(await apply({ ...desired, value: 'two' })).toMatchObject({ version: 2 });
    expect(announced).toHaveLength(2);
  });

  test('keeps the value that somebody gave it where its changes are to be ignored', async () => {
    await apply(desired, undefined, ['value']);
    await call('PutParameter', { Name: '/t', Value: 'real', Overwrite: true });
    await apply(desired, undefined, ['value']);
    expect(await shownValue('/t', { WithDecryption: true })).toBe('real');
  });

  test('is gone once it is no longer written, and under its old name once it is called otherwise', async () => {
    const first = await apply(desired);
    const second = await apply({ ...desired, name: '/u' }, first);
    await expect(shownValue('/t')).rejects.toMatchObject({ code: 'ParameterNotFound' });
    await ssm.resources['aws_ssm_parameter']?.remove?.('', second ?? {});
    expect(await namesIn('DescribeParameters', {})).toEqual([]);
  });

  test('is read by the data source of the same name', async () => {
    await apply(desired);
    expect(await ssm.dataSources?.['aws_ssm_parameter']?.({ name: '/t' })).toMatchObject({
      ...{ value: 'one', type: 'SecureString', version: 1, insecure_value: '' },
    });
  });
});
