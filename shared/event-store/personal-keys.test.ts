import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  type PutItemCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { textIn } from './attributes.ts';
import type { CommitItem } from './commit.ts';
import { createPersonalKeys } from './personal-keys.ts';

const about = { message: '', $metadata: {} };

/** A table of keys in memory. It counts its reads, and fails every write with `broken` if there is one. */
function table(broken?: Error) {
  const items = new Map<string, CommitItem>();
  const counted = { reads: 0 };
  async function send(command: GetItemCommand | PutItemCommand | DeleteItemCommand) {
    if (command instanceof GetItemCommand) {
      counted.reads += 1;
      return { Item: items.get(textIn(command.input.Key ?? {}, 'p')) };
    }
    if (broken) throw broken;
    if (command instanceof DeleteItemCommand) items.delete(textIn(command.input.Key ?? {}, 'p'));
    else items.set(textIn(command.input.Item ?? {}, 'p'), command.input.Item ?? {});
    return {};
  }
  const client = { send } as unknown as DynamoDBClient;
  return {
    counted,
    keys: createPersonalKeys(
      async () => client,
      () => 'keys',
    ),
  };
}

describe('keys of people', () => {
  test('are read once while they are remembered, and ten thousand are', async () => {
    const { keys, counted } = table();
    const first = await keys.toSeal('skafu', 'p0');
    for (let person = 1; person < 10_000; person++) await keys.toSeal('skafu', `p${person}`);
    expect(await keys.toSeal('skafu', 'p0')).toBe(first);
    expect(counted.reads).toBe(10_000);
    await keys.toSeal('skafu', 'one too many');
    expect(await keys.toSeal('skafu', 'p0')).toEqual(first);
    expect(counted.reads).toBe(10_002);
  });

  test('that are gone are asked for once, and ten thousand of them are remembered', async () => {
    const { keys, counted } = table();
    for (let id = 0; id < 10_000; id++) await keys.toReveal('skafu', 'ann', `${id}`);
    await keys.toReveal('skafu', 'ann', '0');
    expect(counted.reads).toBe(10_000);
    await keys.toReveal('skafu', 'ann', 'one too many');
    expect(await keys.toReveal('skafu', 'ann', '0')).toBeUndefined();
    expect(counted.reads).toBe(10_002);
  });

  test('cannot be had, and nothing is taken for forgotten, when the table cannot be written', async () => {
    const broken = new ResourceNotFoundException(about);
    const { keys } = table(broken);
    await expect(keys.toSeal('skafu', 'ann')).rejects.toBe(broken);
    await expect(keys.forget('skafu', 'ann', 1)).rejects.toBe(broken);
  });

  test('that are made and deleted at once are not made up', async () => {
    const { keys } = table(new ConditionalCheckFailedException(about));
    await expect(keys.toSeal('skafu', 'ann')).rejects.toThrow('made and deleted at once');
  });

  test('made since a person was to be forgotten stay', async () => {
    const { keys } = table(new ConditionalCheckFailedException(about));
    await expect(keys.forget('skafu', 'ann', 1)).resolves.toBeUndefined();
  });
});
