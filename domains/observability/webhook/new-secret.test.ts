import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryKeysTable, type MemoryKeysTable } from '#shared/testing/memory-keys-table.ts';
import type { NotificationChannel } from '../notification-channel/notification-channel.ts';
import { channelSecret } from './channel-secret.ts';
import { answerSecret } from './new-secret.ts';
import { writtenSecret } from './signature.ts';

let table: MemoryKeysTable;
beforeEach(() => {
  table = createMemoryKeysTable();
  vi.stubEnv('KEYS_TABLE', 'keys');
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(table.send as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const channel = (generation: number): NotificationChannel => ({
  status: 'enabled',
  channel: {
    name: 'On call',
    kind: 'webhook',
    url: 'https://hooks.example.com/7',
    severities: ['critical'],
    moments: ['raised'],
  },
  generation,
  tests: 0,
  tested: 0,
});
const answerFor = (generation: number, tenant = 'skafu', id = 'c1') =>
  answerSecret({ tenant, id, state: channel(generation) });

describe('the answer of a command that made a signing secret', () => {
  test('tells the secret that messages of the channel are signed with, also where it is the first of all', async () => {
    const answer = await answerFor(1);
    expect(answer).toEqual({ secret: writtenSecret(await channelSecret('skafu', 'c1', 1)) });
    expect(answer).toEqual({ secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) });
  });

  test('tells a retry the same', async () => {
    expect(await answerFor(1)).toEqual(await answerFor(1));
    expect(table.keys.size).toBe(1);
  });

  test('tells another secret after each rotation, for each channel and for each tenant', async () => {
    const answers = [
      await answerFor(1),
      await answerFor(2),
      await answerFor(1, 'skafu', 'c2'),
      await answerFor(1, 'neighbour'),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(answers.length);
  });

  test.each(['undefined', 'deleted'] as const)(
    'tells nothing of a channel that is %s by now, and makes no key for it',
    async (status) => {
      expect(await answerSecret({ tenant: 'skafu', id: 'c1', state: { status } })).toEqual({});
      expect(table.commands).toEqual([]);
    },
  );
});
