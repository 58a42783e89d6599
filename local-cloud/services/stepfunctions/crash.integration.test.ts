import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

let folder: string;
let running: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-cloud-crash-'));
});

afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

async function kill(): Promise<void> {
  const ending = running;
  running = undefined;
  if (!ending || ending.exitCode !== null) return;
  ending.kill('SIGKILL');
  await once(ending, 'exit');
}

/** Starts the two services over the folder; `done` gathers the payloads that their function was called with. */
async function open(callMilliseconds: number, done: { id: number }[]): Promise<string> {
  const started = spawn(process.execPath, ['--import', 'tsx', child, folder, String(callMilliseconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running = started;
  return new Promise((resolve, reject) => {
    started.once('exit', () => reject(new Error('It ended before it served.')));
    createInterface(started.stdout).on('line', (line) => {
      if (line.startsWith('done ')) done.push(JSON.parse(line.slice(5)) as { id: number });
      if (line.startsWith('url ')) resolve(line.slice(4));
    });
  });
}

const settings = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

const put = (client: EventBridgeClient, id: number) =>
  client.send(
    new PutEventsCommand({
      Entries: [
        { EventBusName: 'events', Source: 'test', DetailType: 'Happened', Detail: JSON.stringify({ id }) },
      ],
    }),
  );

test('the SDK reaches both services, and an event runs the machine at once', async () => {
  const done: { id: number }[] = [];
  const endpoint = await open(0, done);
  const events = new EventBridgeClient(settings(endpoint));
  const machines = new SFNClient(settings(endpoint));
  const { Rules: rules = [] } = await events.send(new ListRulesCommand({ EventBusName: 'events' }));
  expect(rules.map(({ Name: name }) => name)).toEqual(['all']);
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:project';
  const described = await machines.send(new DescribeStateMachineCommand({ stateMachineArn }));
  expect(described).toMatchObject({ type: 'EXPRESS', creationDate: expect.any(Date) });
  await expect(
    machines.send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}x` })),
  ).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  expect(await put(events, 1)).toMatchObject({ FailedEntryCount: 0 });
  await vi.waitFor(() => expect(done).toEqual([{ id: 1 }]), 5_000);
});

test('no acknowledged event is lost when the process is killed under load', async () => {
  const acknowledged: number[] = [];
  const done: { id: number }[] = [];
  const client = new EventBridgeClient(settings(await open(200, done)));
  let next = 0;
  const send = async (): Promise<void> => {
    for (;;) {
      next += 1;
      const id = next;
      const answer = await put(client, id).catch(() => undefined);
      if (!answer) return;
      acknowledged.push(id);
    }
  };
  const senders = Array.from({ length: 8 }, send);
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(200), 30_000);
  await kill();
  await Promise.all(senders);
  await open(0, done);
  const missing = () => {
    const arrived = new Set(done.map(({ id }) => id));
    return acknowledged.filter((id) => !arrived.has(id));
  };
  await vi.waitFor(() => expect(missing()).toEqual([]), 30_000);
});
