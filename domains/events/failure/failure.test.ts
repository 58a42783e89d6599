import { describe, expect, test } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { givenEventsOf } from '#shared/testing/given.ts';
import {
  FailureIgnored,
  FailureOccurred,
  FailureReopened,
  FailureResolved,
  failure,
  ignore,
  record,
  redrive,
  release,
  reopen,
  resolve,
  StreamRedriven,
  StreamReleased,
} from './failure.ts';
import type { Target } from './occurrence.ts';
import { maximumAffected, maximumInMinute, maximumStreams, type Reported } from './storm.ts';

const given = givenEventsOf(failure);
const now = '2026-01-02T03:04:05.678Z';
const minutesAfter = (minutes: number) => new Date(Date.parse(now) + minutes * 60_000).toISOString();

const cause = {
  fingerprint: '0123456789abcdef',
  component: 'sales/open-orders',
  name: 'TypeError',
  message: 'Cannot read properties of undefined',
};
const occurrence = (at = now, more: Partial<Reported> = {}): Reported => ({ ...cause, at, ...more });
const target = (id = 'o1', more: Partial<Target> = {}): Target => ({
  kind: 'read-model',
  tenant: 'skafu',
  type: 'order',
  id,
  version: 3,
  ...more,
});
const act = target('o1', { kind: 'function' });
const occurred = FailureOccurred({ ...cause, at: now, times: 1 });
const heldEvent = (of = target(), at = now) =>
  FailureOccurred({ ...cause, at, times: 1, target: of, newlyAffected: true });
const redriven = StreamRedriven({ ...target(), at: now });
const resolved = FailureResolved({ reason: 'fixed', at: now });
const ignored = FailureIgnored({ reason: 'known' });

describe('a failure', () => {
  test('is opened by its first occurrence, which alone tells the stack', () => {
    given()
      .when(record, { occurrences: [occurrence(now, { stack: 'at x' }), occurrence(now, { stack: 'at y' })] })
      .thenRecords(
        FailureOccurred({ ...cause, at: now, times: 1, stack: 'at x' }),
        FailureOccurred({ ...cause, at: now, times: 1 }),
      );
    given(occurred)
      .when(record, { occurrences: [occurrence(now, { stack: 'at x' })] })
      .thenRecords(occurred);
  });

  test('that was resolved is opened again by what comes later, and not by what was on its way', () => {
    const later = minutesAfter(1);
    given(occurred, resolved)
      .when(record, { occurrences: [occurrence(later, { stack: 'at x' })] })
      .thenRecords(FailureReopened({}), FailureOccurred({ ...cause, at: later, times: 1, stack: 'at x' }));
    given(occurred, resolved)
      .when(record, { occurrences: [occurrence(now)] })
      .thenRecords(occurred);
    given(heldEvent(), resolved)
      .when(record, { occurrences: [occurrence(later, { target: target() })] })
      .thenRecords(FailureReopened({}), FailureOccurred({ ...cause, at: later, times: 1, target: target() }));
    given(occurred, resolved, FailureReopened({}))
      .when(record, { occurrences: [occurrence(later)] })
      .thenRecords(FailureOccurred({ ...cause, at: later, times: 1 }));
  });

  test('that is ignored stays ignored and is counted', () => {
    given(occurred, ignored)
      .when(record, { occurrences: [occurrence()] })
      .thenRecords(occurred);
    expect(fold(failure, [occurred, ignored, occurred]).status).toBe('ignored');
  });

  test('nothing of which arrived is none', () => {
    given().when(record, { occurrences: [] }).thenNothing();
  });
});

describe('a storm', () => {
  const storm = (count: number, more: (index: number) => Partial<Reported> = () => ({})) =>
    Array.from({ length: count }, (_, index) => occurrence(now, more(index)));
  const single = FailureOccurred({ ...cause, at: now, times: 1 });

  test('is told one by one for a while, then counted', () => {
    given()
      .when(record, { occurrences: storm(5_000) })
      .thenRecords(
        ...Array.from({ length: maximumInMinute }, () => single),
        FailureOccurred({ ...cause, at: now, times: 5_000 - maximumInMinute }),
      );
  });

  test('is told oldest first, in whichever order it arrives', () => {
    const occurrences = [0, 1, 2].map((minutes) => occurrence(minutesAfter(minutes)));
    const told = occurrences.map(({ at }) => FailureOccurred({ ...cause, at, times: 1 }));
    for (const arrived of [occurrences, occurrences.toReversed()])
      given()
        .when(record, { occurrences: arrived })
        .thenRecords(...told);
  });

  test('that goes on in the same minute is one event a batch', () => {
    given(...Array.from({ length: maximumInMinute }, () => single))
      .when(record, { occurrences: storm(500) })
      .thenRecords(FailureOccurred({ ...cause, at: now, times: 500 }));
    const next = minutesAfter(1);
    given(...Array.from({ length: maximumInMinute }, () => single))
      .when(record, { occurrences: [occurrence(next)] })
      .thenRecords(FailureOccurred({ ...cause, at: next, times: 1 }));
  });

  test('over many streams names as many as one commit holds', () => {
    const decided = record(
      { status: 'unknown' },
      { occurrences: storm(150, (index) => ({ target: target(`o${index}`) })) },
      {
        actor: { type: 'service', id: 'x' },
        now,
      },
    );
    expect(decided).toHaveLength(maximumStreams + 1);
    expect(decided.at(-1)?.data).toMatchObject({ times: 150 - maximumStreams });
    expect(decided.at(-1)?.data).not.toHaveProperty('target');
  });

  test('never makes a failure remember more streams than it can', () => {
    const many = Array.from({ length: maximumAffected }, (_, index) => heldEvent(target(`o${index}`)));
    given(...many)
      .when(record, { occurrences: [occurrence(now, { target: target('another') })] })
      .thenRecords(FailureOccurred({ ...cause, at: now, times: 1 }));
  });

  test('of one stream within a batch is one event', () => {
    given()
      .when(record, { occurrences: storm(3, () => ({ target: target() })) })
      .thenRecords(FailureOccurred({ ...cause, at: now, times: 3, target: target(), newlyAffected: true }));
  });
});

describe('a stream that is held', () => {
  const again = (minutes: number) => ({
    occurrences: [occurrence(minutesAfter(minutes), { target: target('o1', { version: 4 }) })],
  });
  const told = (minutes: number) =>
    FailureOccurred({
      ...cause,
      at: minutesAfter(minutes),
      times: 1,
      target: target('o1', { version: 4 }),
    });

  test('is not told again each minute that catch-up tries it, but once an hour', () => {
    given(heldEvent()).when(record, again(1)).thenNothing();
    given(heldEvent()).when(record, again(59)).thenNothing();
    given(heldEvent()).when(record, again(60)).thenRecords(told(60));
  });

  test('is told at once when it fails again after it was delivered again', () => {
    given(heldEvent(), redriven).when(record, again(1)).thenRecords(told(1));
    given(heldEvent(), redriven, told(1)).when(record, again(2)).thenNothing();
  });

  test('is told as new when it was released between', () => {
    given(heldEvent(), StreamReleased({ ...target(), at: now }))
      .when(record, { occurrences: [occurrence(now, { target: target() })] })
      .thenRecords(heldEvent());
  });
});

describe('redriving', () => {
  const other = target('o2');

  test('delivers all that wait, or the one that is named', () => {
    given(heldEvent(), heldEvent(other))
      .when(redrive, {})
      .thenRecords(redriven, StreamRedriven({ ...other, at: now }));
    given(heldEvent(), heldEvent(other)).when(redrive, { stream: 'skafu/order/o1' }).thenRecords(redriven);
  });

  test('may be repeated while nothing was heard', () => {
    given(heldEvent(), redriven).when(redrive, {}).thenRecords(redriven);
  });

  test('is refused where nothing waits', () => {
    given().when(redrive, {}).thenRefused('nothing-to-redrive');
    given(occurred).when(redrive, {}).thenRefused('nothing-to-redrive');
    given(heldEvent()).when(redrive, { stream: 'skafu/order/o9' }).thenRefused('nothing-to-redrive');
  });

  test('makes a function be waited for no more: only another failure tells of it', () => {
    const failed = heldEvent(act);
    const delivered = StreamRedriven({ ...act, at: now });
    given(failed).when(redrive, {}).thenRecords(delivered);
    given(failed, delivered).when(redrive, {}).thenRefused('nothing-to-redrive');
    given(failed, delivered)
      .when(record, { occurrences: [occurrence(now, { target: act })] })
      .thenRecords(failed);
  });

  test('of what is not known any more changes nothing', () => {
    expect(fold(failure, [occurred, redriven])).toEqual(fold(failure, [occurred]));
  });

  test('ends after a hundred streams, and goes on when repeated', () => {
    const many = Array.from({ length: 120 }, (_, index) => heldEvent(target(`o${index}`)));
    expect(redrive(fold(failure, many), {}, { actor: { type: 'user', id: 'u' }, now })).toHaveLength(100);
  });
});

describe('releasing', () => {
  test('tells of streams that were held, once', () => {
    const released = StreamReleased({ ...target(), at: now });
    given(heldEvent())
      .when(release, { targets: [target()] })
      .thenRecords(released);
    given(heldEvent(), released)
      .when(release, { targets: [target()] })
      .thenNothing();
    given()
      .when(release, { targets: [target()] })
      .thenNothing();
  });

  test('leaves alone what failed at a later event meanwhile', () => {
    const later = heldEvent(target('o1', { version: 9 }), minutesAfter(61));
    given(heldEvent(), later)
      .when(release, { targets: [target()] })
      .thenNothing();
  });
});

describe('a person', () => {
  test('ignores, resolves and opens again, each once, with the reason', () => {
    given(occurred).when(ignore, { reason: 'known' }).thenRecords(ignored);
    given(occurred, ignored).when(ignore, { reason: 'known' }).thenNothing();
    given(occurred).when(resolve, { reason: 'fixed' }).thenRecords(resolved);
    given(occurred, resolved).when(resolve, { reason: 'fixed' }).thenNothing();
    given(occurred, ignored)
      .when(reopen, { reason: 'not known' })
      .thenRecords(FailureReopened({ reason: 'not known' }));
    given(occurred).when(reopen, {}).thenNothing();
  });

  test('who resolves does not forget the streams that wait', () => {
    given(heldEvent(), resolved, ignored).when(redrive, {}).thenRecords(redriven);
  });
});
