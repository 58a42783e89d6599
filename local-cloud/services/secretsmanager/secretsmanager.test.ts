import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { administrator } from '../../core/access.ts';
import type { Attributes, AwsRequest, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { createSecretsManager } from './index.ts';

let cloud: TestCloud;
let manager: Service;

beforeEach(async () => {
  cloud = createTestCloud();
  manager = await createSecretsManager(cloud);
});
afterEach(async () => {
  await manager.stop?.();
  cloud.remove();
});

async function call(operation: string, input: Record<string, unknown> = {}): Promise<Attributes> {
  const run = manager.operations?.[operation];
  if (!run) throw new Error(`There is no ${operation}.`);
  return { ...(await run(input, { headers: {}, caller: administrator } as unknown as AwsRequest)) };
}
const create = (Name: string, SecretString = 'one', more: Attributes = {}) =>
  call('CreateSecret', { Name, SecretString, ...more });
const put = (SecretId: string, SecretString: string, more: Attributes = {}) =>
  call('PutSecretValue', { SecretId, SecretString, ...more });
const read = async (SecretId: string, more: Attributes = {}) =>
  (await call('GetSecretValue', { SecretId, ...more }))['SecretString'];
const apply = (
  kind: string,
  desired: Attributes,
  previous?: Attributes,
  ignoreChanges: string[] = [],
): Promise<Attributes> => {
  const type = `aws_secretsmanager_secret${kind}`;
  const handler = manager.resources[type];
  if (!handler) throw new Error(`There is no ${type}.`);
  return handler.apply({ ...testResource(type, 'it', desired), ignoreChanges }, previous);
};
const token = (letter: string) => letter.repeat(32);

describe('a value', () => {
  test('moves the labels of the one before it', async () => {
    await create('s', 'one', { ClientRequestToken: token('a') });
    await put('s', 'two', { ClientRequestToken: token('b') });
    await put('s', 'three', { ClientRequestToken: token('c') });
    expect(await read('s')).toBe('three');
    expect(await read('s', { VersionStage: 'AWSPREVIOUS' })).toBe('two');
    expect((await call('DescribeSecret', { SecretId: 's' }))['VersionIdsToStages']).toEqual({
      [token('c')]: ['AWSCURRENT'],
      [token('b')]: ['AWSPREVIOUS'],
    });
    expect(await read('s', { VersionId: token('a') })).toBe('one');
  });

  test('sent twice with one token is one version, and another value with it is refused', async () => {
    await create('s');
    const first = await put('s', 'two', { ClientRequestToken: token('b') });
    expect(await put('s', 'two', { ClientRequestToken: token('b') })).toEqual(first);
    await expect(put('s', 'other', { ClientRequestToken: token('b') })).rejects.toMatchObject({
      code: 'ResourceExistsException',
    });
  });

  test('is sealed on disk, read again after a restart, and shown on no page', async () => {
    await create('s', 'hunter2');
    const kept = JSON.stringify(await cloud.state.namespace('secretsmanager').list());
    expect(kept).not.toContain('hunter2');
    await manager.stop?.();
    manager = await createSecretsManager(cloud);
    expect(await read('s')).toBe('hunter2');
    expect(JSON.stringify(await manager.views?.[0]?.show(new URLSearchParams()))).not.toContain('hunter2');
  });

  test('may be bytes', async () => {
    const SecretBinary = Buffer.from([0, 255, 1]).toString('base64');
    await call('CreateSecret', { Name: 's', SecretBinary });
    expect(await call('GetSecretValue', { SecretId: 's' })).toMatchObject({ SecretBinary });
  });

  test('is found by its name, its ARN and its ARN without the last letters', async () => {
    const { ARN } = await create('path/s');
    expect(await read(String(ARN))).toBe('one');
    expect(await read(String(ARN).slice(0, -7))).toBe('one');
    await expect(read('path')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  test('is refused by name where there is none, or not under that label', async () => {
    await call('CreateSecret', { Name: 's' });
    await expect(read('s')).rejects.toThrow(/staging label: AWSCURRENT/u);
    await put('s', 'one', { ClientRequestToken: token('a') });
    await expect(read('s', { VersionId: token('a'), VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
      code: 'InvalidRequestException',
    });
  });

  test('of several secrets comes at once, with an error for each that has none', async () => {
    await create('a');
    await create('b');
    expect(await call('BatchGetSecretValue', { SecretIdList: ['a', 'b', 'c'] })).toMatchObject({
      SecretValues: [{ Name: 'a' }, { Name: 'b' }],
      Errors: [{ SecretId: 'c', ErrorCode: 'ResourceNotFoundException' }],
    });
    const filtered = { Filters: [{ Key: 'name', Values: ['b'] }] };
    expect(await call('BatchGetSecretValue', filtered)).toMatchObject({ SecretValues: [{ Name: 'b' }] });
    await expect(call('BatchGetSecretValue')).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});

describe('a label', () => {
  beforeEach(async () => {
    await create('s', 'one', { ClientRequestToken: token('a') });
    await put('s', 'two', { ClientRequestToken: token('b') });
  });
  const move = (more: Attributes) => call('UpdateSecretVersionStage', { SecretId: 's', ...more });

  test('moves back to the version before, which takes AWSPREVIOUS along', async () => {
    const [a, b] = [token('a'), token('b')];
    await move({ VersionStage: 'AWSCURRENT', MoveToVersionId: a, RemoveFromVersionId: b });
    expect(await read('s')).toBe('one');
    expect(await read('s', { VersionStage: 'AWSPREVIOUS' })).toBe('two');
  });

  test.each([
    [{ VersionStage: 'AWSCURRENT', MoveToVersionId: token('a') }, /RemoveFromVersionId can't be empty/u],
    [{ VersionStage: 'AWSCURRENT', RemoveFromVersionId: token('b') }, /only move staging label/u],
    [{ VersionStage: 'mine', RemoveFromVersionId: token('b') }, /not attached/u],
    [{ VersionStage: 'mine', MoveToVersionId: token('z') }, /can't find/u],
  ])('is not moved by %j', async (input, message) => {
    await expect(move(input)).rejects.toThrow(message);
  });

  test('of one’s own is put on and taken off', async () => {
    await move({ VersionStage: 'mine', MoveToVersionId: token('a') });
    expect(await read('s', { VersionStage: 'mine' })).toBe('one');
    await move({ VersionStage: 'mine', RemoveFromVersionId: token('a') });
    await expect(read('s', { VersionStage: 'mine' })).rejects.toThrow(/staging label: mine/u);
  });
});

describe('a secret that is deleted', () => {
  test('cannot be used until it is restored', async () => {
    await create('s');
    await call('DeleteSecret', { SecretId: 's', RecoveryWindowInDays: 7 });
    await expect(read('s')).rejects.toThrow(/marked for deletion/u);
    await expect(create('s')).rejects.toThrow(/already scheduled for deletion/u);
    expect((await call('ListSecrets'))['SecretList']).toEqual([]);
    expect(await manager.holdings?.()).toEqual([]);
    await call('RestoreSecret', { SecretId: 's' });
    expect(await read('s')).toBe('one');
  });

  test('by force is gone at once, and another of its name has another ARN', async () => {
    const { ARN } = await create('s');
    await call('DeleteSecret', { SecretId: 's', ForceDeleteWithoutRecovery: true });
    await expect(read('s')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await cloud.state.namespace('secretsmanager').list()).toEqual([]);
    expect((await create('s'))['ARN']).not.toBe(ARN);
  });

  test('goes for good once its window is over', async () => {
    await create('s');
    await call('DeleteSecret', { SecretId: 's' });
    const state = cloud.state.namespace('secretsmanager');
    for (const { key, value } of await state.list<Attributes>('secret:'))
      await state.put(key, { ...value, deletionAt: Date.now() - 1 });
    manager = await createSecretsManager(cloud);
    await manager.start?.();
    expect(await state.list()).toEqual([]);
  });

  test.each([
    [{ RecoveryWindowInDays: 6 }, 'InvalidParameterException'],
    [{ RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }, 'InvalidParameterException'],
  ])('is not deleted with %j', async (input, code) => {
    await create('s');
    await expect(call('DeleteSecret', { SecretId: 's', ...input })).rejects.toMatchObject({ code });
  });
});

test.each([
  ['CreateSecret', { Name: 's', SecretString: 'x' }, 'ResourceExistsException'],
  ['CreateSecret', { Name: 'a b' }, 'ValidationException'],
  ['CreateSecret', { Name: 'n', SecretString: 'x', SecretBinary: 'eA==' }, 'InvalidParameterException'],
  [
    'CreateSecret',
    { Name: 'n', SecretString: 'x', ClientRequestToken: 'short' },
    'InvalidParameterException',
  ],
  ['CreateSecret', { Name: 'n', SecretString: 'x'.repeat(65_537) }, 'ValidationException'],
  ['CreateSecret', { Name: 'n', AddReplicaRegions: [{ Region: 'eu-west-1' }] }, 'NotImplemented'],
  ['PutSecretValue', { SecretId: 's' }, 'InvalidParameterException'],
  ['RotateSecret', { SecretId: 's' }, 'InvalidRequestException'],
  ['ListSecrets', { Filters: [{ Key: 'colour', Values: ['red'] }] }, 'InvalidParameterException'],
  ['ListSecrets', { NextToken: 'x' }, 'InvalidNextTokenException'],
  ['PutResourcePolicy', { SecretId: 's', ResourcePolicy: '{' }, 'MalformedPolicyDocumentException'],
])('%s of %j is refused with %s', async (operation, input, code) => {
  await create('s');
  await expect(call(operation, input)).rejects.toMatchObject({ code });
});

test('a policy that lets everybody in is refused where that is to be blocked', async () => {
  await create('s');
  const everybody = { Effect: 'Allow', Principal: '*', Action: 'secretsmanager:*', Resource: '*' };
  const ResourcePolicy = JSON.stringify({ Statement: everybody });
  const blocked = call('PutResourcePolicy', { SecretId: 's', ResourcePolicy, BlockPublicPolicy: true });
  await expect(blocked).rejects.toMatchObject({ code: 'PublicPolicyException' });
  await call('PutResourcePolicy', { SecretId: 's', ResourcePolicy });
  expect(await call('GetResourcePolicy', { SecretId: 's' })).toMatchObject({ ResourcePolicy });
});

test('secrets are listed by what is said of them, page by page', async () => {
  await create('shop/one', 'x', {
    Description: 'The database of orders',
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  await create('shop/two');
  await create('other');
  const names = async (input: Attributes) =>
    ((await call('ListSecrets', { SortOrder: 'asc', ...input }))['SecretList'] as Attributes[])
      .map(({ Name }) => Name)
      .sort();
  const filter = (Key: string, ...Values: string[]) => ({ Filters: [{ Key, Values }] });
  expect(await names(filter('name', 'shop/'))).toEqual(['shop/one', 'shop/two']);
  expect(await names(filter('name', '!shop/'))).toEqual(['other']);
  expect(await names(filter('description', 'DATA'))).toEqual(['shop/one']);
  expect(await names(filter('tag-key', 'te'))).toEqual(['shop/one']);
  expect(await names(filter('all', 'orders shop'))).toEqual(['shop/one']);
  const first = await call('ListSecrets', { MaxResults: 2 });
  const second = await call('ListSecrets', { MaxResults: 2, NextToken: first['NextToken'] });
  expect(second).toMatchObject({ SecretList: [expect.anything()], NextToken: undefined });
});

test.each([
  [{}, 32, /[a-z].*|[A-Z]|\d/u],
  [{ PasswordLength: 4 }, 4, /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]|.*_)/u],
  [{ ExcludePunctuation: true, ExcludeNumbers: true, ExcludeUppercase: true }, 32, /^[a-z]+$/u],
  [{ ExcludeCharacters: 'abc', ExcludePunctuation: true, PasswordLength: 200 }, 200, /^[^abc]+$/u],
])('a random password with %j has %i characters', async (input, length, pattern) => {
  const { RandomPassword } = await call('GetRandomPassword', input);
  expect(RandomPassword).toHaveLength(length);
  expect(RandomPassword).toMatch(pattern);
});

describe('the Terraform', () => {
  test('makes a secret with a value, which it answers nowhere', async () => {
    const secret = await apply('', { name: 's', tags: { team: 'a' } });
    const version = await apply('_version', { secret_id: secret['arn'], secret_string: 'hunter2' });
    expect(version).toMatchObject({ version_stages: ['AWSCURRENT'], arn: secret['arn'] });
    expect(JSON.stringify([secret, version])).not.toContain('hunter2');
    expect(await read('s')).toBe('hunter2');
  });

  test('leaves what was put since, until it says another value itself', async () => {
    const { arn } = await apply('', { name: 's' });
    const desired = { secret_id: arn, secret_string: 'first' };
    const before = await apply('_version', desired);
    await put('s', 'rotated');
    expect((await apply('_version', desired, before))['version_id']).toBe(before['version_id']);
    expect(await read('s')).toBe('rotated');
    const changed = { ...desired, secret_string: 'second' };
    await apply('_version', changed, before, ['secret_string']);
    expect(await read('s')).toBe('rotated');
    await apply('_version', changed, before);
    expect(await read('s')).toBe('second');
  });

  test('takes back a secret that it no longer held for a while', async () => {
    const previous = await apply('', { name: 's' });
    await put('s', 'one');
    await manager.resources['aws_secretsmanager_secret']?.remove?.('', previous);
    await expect(read('s')).rejects.toThrow(/marked for deletion/u);
    expect((await apply('', { name: 's' }))['arn']).toBe(previous['arn']);
    expect(await read('s')).toBe('one');
  });

  test('removes a secret at once where it is to have no window', async () => {
    const previous = await apply('', { name: 's', recovery_window_in_days: 0 });
    await manager.resources['aws_secretsmanager_secret']?.remove?.('', previous);
    expect(await cloud.state.namespace('secretsmanager').list()).toEqual([]);
  });

  test('reads a value with the data source of the same name', async () => {
    await create('s');
    const read = manager.dataSources?.['aws_secretsmanager_secret_version'];
    expect(await read?.({ secret_id: 's' })).toMatchObject({ secret_string: 'one' });
  });
});

test('secrets are paid for by the month, and every request', async () => {
  await create('s');
  expect(await manager.holdings?.()).toMatchObject([
    { usageType: 'USE1-AWSSecretsManager-Secrets', amount: 1 },
  ]);
  expect(cloud.recorded.usage).toMatchObject([
    { usageType: 'USE1-AWSSecretsManagerAPIRequest', operation: 'CreateSecret', quantity: 1 },
  ]);
});
