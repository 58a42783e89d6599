import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type PutItemCommand,
  ResourceNotFoundException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { StreamName } from '../messages/envelope.ts';
import { Counted } from '../testing/counter.ts';
import { encodeCommit, type Head, type Origin } from './commit.ts';
import { createEventStore } from './event-store.ts';
import type { KeyChanges } from './reservation.ts';

const stream: StreamName = { tenant: 'skafu', type: 'counter', id: 'one' };
const empty: Head = { stream, commit: 0, version: 0, hash: new Uint8Array() };
const origin: Origin = {
  domain: 'testing',
  commandId: 'command',
  actor: { type: 'user', id: 'somebody' },
  correlationId: 'command',
  causationId: 'command',
  time: 0,
};
const about = { message: '', $metadata: {} };
const refusal = new ConditionalCheckFailedException(about);
const noTable = new ResourceNotFoundException(about);

/** A table that answers each write in turn with an error, or with nothing: it took it. It counts what is sent. */
function answering(...answers: (Error | undefined)[]) {
  const sent: unknown[] = [];
  const send = async ({ input }: PutItemCommand) => {
    sent.push(input);
    const answer = answers[sent.length - 1];
    if (answer) throw answer;
    return {};
  };
  return { sent, store: createEventStore({ send } as unknown as DynamoDBClient, 'events') };
}

/** A transaction that was cancelled, with a reason for the commit and one for each key, in their order. */
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...about, CancellationReasons: codes.map((Code) => ({ Code })) });

describe('a commit that changes keys', () => {
  const keys: KeyChanges = { taken: ['name=a', 'name=b'], released: ['name=c'] };
  const append = (store: ReturnType<typeof createEventStore>) =>
    store.append(empty, [Counted({ by: 1 })], origin, undefined, keys);

  test('is tried again when it met another transaction', async () => {
    const met = cancelled('None', 'TransactionConflict', 'None', 'None');
    const { store, sent } = answering(met, met);
    expect(await append(store)).toMatchObject({ head: { commit: 1, version: 1 } });
    expect(sent).toHaveLength(3);
    expect(sent[2]).toEqual(sent[0]);
  });

  test('gives up with the transaction’s own error when it goes on meeting others', async () => {
    const met = cancelled('TransactionConflict');
    const { store, sent } = answering(...Array.from({ length: 20 }, () => met));
    await expect(append(store)).rejects.toBe(met);
    expect(sent).toHaveLength(10);
  });

  test('names the key that another stream holds', async () => {
    const { store } = answering(cancelled('None', 'None', 'ConditionalCheckFailed', 'None'));
    expect(await append(store)).toEqual({ takenKey: 'name=b' });
  });

  test('answers the commit of whoever was first, whatever became of the keys', async () => {
    const { item } = encodeCommit(empty, [Counted({ by: 7 })], { ...origin, commandId: 'other' }, () => 1);
    const lost = new TransactionCanceledException({
      ...about,
      CancellationReasons: [
        { Code: 'ConditionalCheckFailed', Item: item },
        { Code: 'ConditionalCheckFailed' },
      ],
    });
    expect(await append(answering(lost).store)).toMatchObject({ conflict: { commandId: 'other' } });
  });

  test.each([
    ['the table is not there', noTable],
    ['it was cancelled and nobody says why', new TransactionCanceledException(about)],
    ['it was cancelled for want of capacity', cancelled('ThrottlingError', 'None', 'None', 'None')],
    ['a key to be given back is not its own', cancelled('None', 'None', 'None', 'ConditionalCheckFailed')],
  ])('fails at once when %s', async (_, error) => {
    const { store, sent } = answering(error);
    await expect(append(store)).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });
});

describe('a commit alone', () => {
  test.each([
    ['the table is not there', noTable],
    ['it is refused without the commit that stands there', refusal],
  ])('fails when %s', async (_, error) => {
    const { store, sent } = answering(error);
    await expect(store.append(empty, [Counted({ by: 1 })], origin)).rejects.toBe(error);
    expect(sent).toHaveLength(1);
  });
});

describe('a snapshot', () => {
  const snapshot = {
    head: { ...empty, commit: 1, version: 1, hash: new Uint8Array(32) },
    fingerprint: 'this',
    state: {},
    commands: new Map(),
  };

  test('gives way in silence to a newer one', async () => {
    const { store, sent } = answering(refusal);
    await store.keepSnapshot(snapshot);
    expect(sent).toHaveLength(1);
  });

  test('that cannot be kept for another reason is not passed over', async () => {
    await expect(answering(noTable).store.keepSnapshot(snapshot)).rejects.toBe(noTable);
  });
});
