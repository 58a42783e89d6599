import { createHmac } from 'node:crypto';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryKeysTable, type MemoryKeysTable } from '../testing/memory-keys-table.ts';
import { derivedSecret, ensureKey } from './derived-secret.ts';

let table: MemoryKeysTable;
beforeEach(() => {
  table = createMemoryKeysTable();
  vi.stubEnv('KEYS_TABLE', 'keys');
  answerBy(table.send);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Has every document client answer so. */
function answerBy(send: MemoryKeysTable['send']): void {
  vi.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(send as never);
}

describe('a key of the installation', () => {
  test('is made at its first use, and stays', async () => {
    await ensureKey('channels');
    const made = table.keys.get('channels');
    expect(made).toHaveLength(32);
    await ensureKey('channels');
    expect(table.keys.get('channels')).toBe(made);
  });

  test('is made by chance', async () => {
    await ensureKey('channels');
    await ensureKey('invitations');
    expect(table.keys.get('channels')).not.toEqual(table.keys.get('invitations'));
  });

  test('is not made anew by one who found none before it was made', async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let puts = 0;
    answerBy(async (command) => {
      if (command instanceof PutCommand && ++puts === 1) await held;
      return table.send(command);
    });
    const [slow, quick] = [ensureKey('channels'), ensureKey('channels')];
    await quick;
    const secret = await derivedSecret('channels', 'part');
    letGo();
    await slow;
    expect(puts).toBe(2);
    expect(await derivedSecret('channels', 'part')).toEqual(secret);
  });

  test('that could not be kept is told, and not taken for kept', async () => {
    const broken = new Error('The table is gone');
    answerBy(async (command) => {
      if (command instanceof GetCommand) return table.send(command);
      throw broken;
    });
    await expect(ensureKey('channels')).rejects.toBe(broken);
    expect(table.keys.size).toBe(0);
  });

  test('is read as it stands, from its own table', async () => {
    await ensureKey('channels');
    await derivedSecret('channels');
    const inputs = table.commands.map(({ input }) => input);
    for (const input of inputs) expect(input.TableName).toBe('keys');
    const reads = table.commands.filter((command) => command instanceof GetCommand);
    expect(reads.map(({ input }) => input.ConsistentRead)).toEqual([true, true]);
  });
});

describe('a derived secret', () => {
  test('is the HMAC of its parts by the key', async () => {
    await ensureKey('channels');
    const secret = await derivedSecret('channels', 'webhook', 'skafu', '7');
    const key = table.keys.get('channels') ?? '';
    expect(secret).toEqual(createHmac('sha256', key).update('["webhook","skafu","7"]').digest());
    expect(secret).toHaveLength(32);
  });

  test('is not had without its key, which reading does not make', async () => {
    await ensureKey('channels');
    await expect(derivedSecret('invitations', 'part')).rejects.toThrow(
      'The key invitations of this installation was not made yet.',
    );
    expect([...table.keys.keys()]).toEqual(['channels']);
  });

  test('is another for other parts, wherever one ends and the next begins, and the same for the same', async () => {
    await ensureKey('channels');
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '\\'), maxLength: 3 }), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(parts, parts, async (one, other) => {
        const [first, second] = [
          await derivedSecret('channels', ...one),
          await derivedSecret('channels', ...other),
        ];
        const areSame = one.length === other.length && one.every((part, index) => part === other[index]);
        expect(first.equals(second)).toBe(areSame);
      }),
    );
  });

  test('is another for another key', async () => {
    await ensureKey('channels');
    await ensureKey('invitations');
    expect(await derivedSecret('channels', 'part')).not.toEqual(await derivedSecret('invitations', 'part'));
  });
});
