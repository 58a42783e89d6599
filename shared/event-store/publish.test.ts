import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../messages/envelope.ts';
import { entryOf, publish } from './publish.ts';

const event = (version: number, data: unknown = {}): Envelope => ({
  specversion: '1.0',
  id: `counter/c1/${version}`,
  source: 'skafu.testing',
  type: 'Counted',
  schemaVersion: 1,
  time: '2026-01-02T03:04:05.678Z',
  tenant: 'skafu',
  stream: { type: 'counter', id: 'c1' },
  version,
  commit: version,
  actor: { type: 'user', id: 'u' },
  correlationId: 'c',
  causationId: 'd',
  data,
});

/** A bus that notes the size of each call and refuses the events named. */
function bus(refuse: readonly string[] = []) {
  const calls: number[] = [];
  const send = async ({ input }: PutEventsCommand) => {
    const entries = input.Entries ?? [];
    calls.push(entries.length);
    const refused = (detail = '') => refuse.includes((JSON.parse(detail) as Envelope).id);
    return {
      Entries: entries.map(({ Detail }) =>
        refused(Detail) ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' },
      ),
    };
  };
  return { calls, client: { send } as unknown as EventBridgeClient };
}

describe('publishing', () => {
  test('sends ten events a call at most', async () => {
    const { calls, client } = bus();
    await publish(
      client,
      'events',
      Array.from({ length: 23 }, (_, index) => event(index + 1)),
    );
    expect(calls).toEqual([10, 10, 3]);
  });

  test('keeps a call within the size the bus takes', async () => {
    const { calls, client } = bus();
    await publish(
      client,
      'events',
      Array.from({ length: 4 }, (_, index) => event(index + 1, 'a'.repeat(100_000))),
    );
    expect(calls).toEqual([2, 2]);
  });

  test('sends nothing when there is nothing', async () => {
    const { calls, client } = bus();
    expect(await publish(client, 'events', [])).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('answers the events that the bus did not take', async () => {
    const events = [event(1), event(2), event(3)];
    const { client } = bus(['counter/c1/2']);
    expect(await publish(client, 'events', events)).toEqual([events[1]]);
  });

  test('leaves out data too large for the bus, and says where to find it', () => {
    const detail = JSON.parse(entryOf(event(1, 'a'.repeat(210_000)), 'events').Detail ?? '') as Envelope;
    expect(detail).toMatchObject({ id: 'counter/c1/1', dataref: 'event-store:counter/c1@1' });
    expect(detail).not.toHaveProperty('data');
  });

  test('hands the trace on', () => {
    expect(entryOf({ ...event(1), trace: 'Root=1-2-3' }, 'events')).toMatchObject({
      TraceHeader: 'Root=1-2-3',
      Source: 'skafu.testing',
      DetailType: 'Counted',
      EventBusName: 'events',
    });
  });

  test('hands on another trace where the caller says so', () => {
    const entry = entryOf({ ...event(1), trace: 'Root=1-2-3' }, 'events', () => 'Root=1-2-3;Parent=4');
    expect(entry.TraceHeader).toBe('Root=1-2-3;Parent=4');
    expect(JSON.parse(entry.Detail ?? '')).toMatchObject({ trace: 'Root=1-2-3' });
  });
});
