import { describe, expect, test } from 'vitest';
import type { Envelope } from '../messages/envelope.ts';
import { headersBeneath, relayedCommit, relayWork } from './relayed-commits.ts';

const header = 'Root=1-67890abc-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=1';
const time = '2026-01-02T03:04:05.000Z';

const event = (version: number, trace?: string): Envelope => ({
  specversion: '1.0',
  id: `counter/c1/${version}`,
  source: 'skafu.testing',
  type: 'Counted',
  schemaVersion: 1,
  time,
  tenant: 'skafu',
  stream: { type: 'counter', id: 'c1' },
  version,
  commit: 1,
  actor: { type: 'user', id: 'u' },
  correlationId: 'c',
  causationId: 'd',
  ...(trace ? { trace } : {}),
  data: {},
});

describe('a relayed commit', () => {
  test('stands beneath the function that recorded it, and its events beneath it', () => {
    const [first, second] = [event(1, header), event(2, header)];
    const commit = relayedCommit('1', [first, second]);
    expect(commit.place).toMatchObject({
      trace: '1-67890abc-0123456789abcdef01234567',
      parent: '53995c3f42cd8ad8',
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    const headerFor = headersBeneath([commit]);
    expect(headerFor(first)).toBe(header.replace('53995c3f42cd8ad8', commit.place?.id ?? ''));
    expect(headerFor(second)).toBe(headerFor(first));
  });

  test.each([undefined, header.replace('Sampled=1', 'Sampled=0'), 'Root=1-2-3;Sampled=1', 'nonsense'])(
    'of a request traced as %s is told to no trace, and its events go on as they came',
    (trace) => {
      const untraced = event(1, trace);
      const commit = relayedCommit('1', [untraced]);
      expect(commit.place).toBeUndefined();
      expect(headersBeneath([commit])(untraced)).toBe(trace);
      expect(relayWork([commit], new Set(), 2, 3)).toEqual([]);
    },
  );

  test('waited from its recording to the relay', () => {
    const recorded = Date.parse(time);
    const commit = relayedCommit('1', [event(1, header), event(2, header)]);
    expect(relayWork([commit], new Set(), recorded + 40, recorded + 52)).toMatchObject([
      {
        name: 'relay',
        from: recorded,
        to: recorded + 52,
        failed: false,
        annotations: {
          correlationId: 'c',
          stream: 'counter/c1',
          version: 2,
          events: 2,
          waitMilliseconds: 40,
        },
        steps: [
          { name: 'wait', from: recorded, to: recorded + 40 },
          { name: 'publish', from: recorded + 40, to: recorded + 52 },
        ],
      },
    ]);
  });

  test('did not wait where the clock of its recorder was ahead', () => {
    const recorded = Date.parse(time);
    const [work] = relayWork([relayedCommit('1', [event(1, header)])], new Set(), recorded - 5, recorded);
    expect(work).toMatchObject({ from: recorded - 5, annotations: { waitMilliseconds: 0 } });
  });

  test('failed where the bus refused one of its events', () => {
    const refused = event(1, header);
    expect(relayWork([relayedCommit('1', [refused])], new Set([refused]), 1, 2)).toMatchObject([
      { failed: true },
    ]);
  });
});
