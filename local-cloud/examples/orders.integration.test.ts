import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { signedHeaders } from '../gateway/sign.ts';

/*
 * The example as somebody else would have it: a folder of its own, its packages beside it, started by the command line of
 * the local cloud.
 */
const repository = join(import.meta.dirname, '../..');
const commandLine = join(import.meta.dirname, '../cli.ts');
const tsx = join(repository, 'node_modules/tsx/dist/cli.mjs');

let folder: string;
let cloud: ChildProcess;
let printed = '';
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [tsx, ...words], { cwd: folder });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}
const local = (...words: string[]) => run(commandLine, ...words);

beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'local-cloud-example-')), 'orders');
  mkdirSync(folder);
  cpSync(join(import.meta.dirname, 'orders'), folder, {
    recursive: true,
    filter: (path) => !/cdktf\.out|\.local-cloud|node_modules/u.test(path),
  });
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  expect((await run('main.ts')).code).toBe(0);
  cloud = spawn(process.execPath, [tsx, commandLine, 'up', '--port', '0'], { cwd: folder });
  cloud.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk;
  });
  await vi.waitFor(() => expect(printed).toContain('ready: '), { timeout: 60_000 });
  const endpoint = /ready: (\S+),/u.exec(printed)?.[1] ?? '';
  settings = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}, 120_000);

afterAll(async () => {
  if (cloud?.exitCode === null) {
    const ended = new Promise((resolve) => cloud.once('close', resolve));
    cloud.kill('SIGINT');
    await ended;
  }
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

test('an order goes from the bus through function, table and state machine into the queue, each as its own role', async () => {
  const detail = { id: 'first', items: [{ price: 60, count: 2 }] };
  const entry = {
    EventBusName: 'shop',
    Source: 'shop',
    DetailType: 'OrderPlaced',
    Detail: JSON.stringify(detail),
  };
  await new EventBridgeClient(settings).send(new PutEventsCommand({ Entries: [entry] }));
  const message = await vi.waitFor(
    async () => {
      const { Messages: [first] = [] } = await new SQSClient(settings).send(
        new ReceiveMessageCommand({
          QueueUrl: `${settings.endpoint}/000000000000/warehouse`,
          WaitTimeSeconds: 1,
        }),
      );
      expect(first).toBeDefined();
      return first;
    },
    { timeout: 20_000 },
  );
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({ id: 'first', total: 120 });
  const { Item } = await new DynamoDBClient(settings).send(
    new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'first' } } }),
  );
  expect(Item?.['total']).toEqual({ N: '120' });
});

test('the command line lists, plans, calls a function and shows what it logged', async () => {
  expect((await local('list')).out).toContain('orders/aws_lambda_function.price  arn:aws:lambda:');
  expect((await local('plan')).out).toContain('Nothing differs');
  const called = await local('invoke', 'price-order', '--payload', '{"id":"x","items":[]}');
  expect(called).toMatchObject({ code: 0, err: expect.stringContaining('order x costs 0') });
  expect(JSON.parse(called.out)).toEqual({ id: 'x', items: [], total: 0 });
  expect((await local('logs', '/aws/lambda/price-order')).out).toContain('order x costs 0');
  expect(await local('invoke', 'price-order', '--payload', '{}')).toMatchObject({ code: 1 });
});

test('a role may do what its policies say, and the page tells what it was refused', async () => {
  const url = new URL(settings.endpoint);
  const roleArn = 'arn:aws:iam::000000000000:role/price-order';
  const body = `Action=AssumeRole&Version=2011-06-15&RoleSessionName=trial&RoleArn=${encodeURIComponent(roleArn)}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const scope = { region: 'us-east-1', service: 'sts' };
  const signed = signedHeaders({ method: 'POST', url, headers, body }, settings.credentials, scope);
  const answer = await (await fetch(url, { method: 'POST', headers: signed, body })).text();
  const [accessKeyId = '', secretAccessKey = '', sessionToken = ''] = [
    'AccessKeyId',
    'SecretAccessKey',
    'SessionToken',
  ].map((name) => new RegExp(`<${name}>([^<]+)</${name}>`, 'u').exec(answer)?.[1]);
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const asRole = new DynamoDBClient({ ...settings, credentials });
  const refused = asRole.send(new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'first' } } }));
  await expect(refused).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(
      /assumed-role\/price-order\/trial is not authorized to perform: dynamodb:GetItem on resource: arn:.*table\/orders because no identity-based policy/u,
    ),
  });
  const page = await fetch(`${settings.endpoint}/_local-cloud/access`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toMatch(/assumed-role\/price-order\/trial.*dynamodb:GetItem/u);
});

test('what goes wrong on purpose does so until it is ended', async () => {
  const payload = ['--payload', '{"id":"x","items":[]}'];
  const crash = '{"kind":"crash","action":"lambda:InvokeFunction","resource":"*:price-order"}';
  expect((await local('faults', 'add', '--seed', '7', '--fault', crash)).out).toContain('crash of 100 %');
  expect(await local('invoke', 'price-order', ...payload)).toMatchObject({
    code: 1,
    out: expect.stringContaining('Runtime.ExitError'),
  });
  expect(await local('faults', 'add', '--fault', '{"kind":"storm"}')).toMatchObject({
    code: 1,
    err: expect.stringContaining('kind must be one of'),
  });
  expect((await local('faults', 'clear')).out).toContain('Nothing goes wrong on purpose.');
  expect(await local('invoke', 'price-order', ...payload)).toMatchObject({ code: 0 });
});

test('changed code is there by itself, and nothing else is touched', async () => {
  const file = join(folder, 'functions/price/index.mjs');
  writeFileSync(file, readFileSync(file, 'utf8').replace('total }', 'total: total * 2 }'));
  await run('main.ts');
  await vi.waitFor(() => expect(printed).toContain('applied in'), { timeout: 20_000 });
  expect(printed).toContain('~ orders/aws_lambda_function.price (filename, source_code_hash)');
  expect(printed).toContain('0 to create, 1 to update, 0 to remove.');
  const payload = '{"id":"x","items":[{"price":2,"count":2}]}';
  expect(JSON.parse((await local('invoke', 'price-order', '--payload', payload)).out)).toMatchObject({
    total: 8,
  });
});

test('wrong words are told, and what runs is not destroyed', async () => {
  expect(await local('guess')).toMatchObject({ code: 2, err: expect.stringContaining('no command guess') });
  expect(await local('up', '--port', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('--port') });
  expect(await local('logs')).toMatchObject({ code: 2, err: expect.stringContaining('name of a log group') });
  expect(await local('invoke', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringContaining('not found'),
  });
  expect(await local('destroy', '--yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('stop it first'),
  });
});

test('after its end it still plans and lists, and is destroyed only on purpose', async () => {
  const ended = new Promise((resolve) => cloud.once('close', resolve));
  cloud.kill('SIGINT');
  expect(await ended).toBe(0);
  expect((await local('plan')).out).toContain('Nothing differs');
  expect((await local('list')).out).toContain('orders/aws_dynamodb_table.table');
  expect(await local('apply')).toMatchObject({
    code: 1,
    err: expect.stringContaining('No local cloud runs'),
  });
  expect((await local('destroy')).code).toBe(2);
  expect((await local('destroy', '--yes')).out).toContain('13 resources and their data were removed.');
  expect((await local('list')).out).toContain('Nothing stands yet');
});
