import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { aggregate, type Decision } from '../definition/aggregate.ts';
import { readModel } from '../definition/read-model.ts';
import type { Actor, StreamName } from '../messages/envelope.ts';
import { type DomainEvent, type EventOf, event } from '../messages/event.ts';
import { personal, personalFieldsOf } from '../messages/personal.ts';
import { optional, text } from '../messages/schema.ts';
import { execute } from '../runtime/execute.ts';
import { createMemoryEventStore } from '../testing/memory-event-store.ts';
import type { EventStore } from './event-store.ts';
import { loadState } from './load-state.ts';
import { reveal } from './personal-events.ts';
import { forgotten, mark, unreadable } from './personal-text.ts';

const Noted = event('Noted', { note: optional(personal(text(500))), topic: text(50) });
const Told = event('Told', { about: text(50), story: personal(text(500), { person: 'about' }) });
type DiaryEvent = EventOf<typeof Noted | typeof Told> & DomainEvent;
type Diary = readonly string[];

const diary = aggregate<Diary, DiaryEvent>('testing/diary', {
  events: [Noted, Told],
  initial: [],
  evolve: (state, event) => [
    ...state,
    event.type === 'Noted' ? `${event.data.topic}: ${event.data.note}` : event.data.story,
  ],
});
const record: Decision<Diary, readonly DiaryEvent[], DiaryEvent> = (_, events) => events;

const stream: StreamName = { tenant: 'skafu', type: 'diary', id: 'd-1' };
const person = (id: string): Actor => ({ type: 'user', id });

let store: EventStore;
beforeEach(() => {
  store = createMemoryEventStore();
});

async function write(actor: Actor, ...events: DiaryEvent[]) {
  const commandId = crypto.randomUUID();
  const [correlationId, causationId, time] = [commandId, commandId, Date.now()];
  return execute({
    store,
    aggregate: diary,
    stream,
    decide: record,
    input: events,
    context: { actor, now: new Date(time).toISOString() },
    origin: { domain: 'testing', commandId, actor, correlationId, causationId, time },
    mustExist: false,
  });
}
const stateNow = async () => (await loadState(store, diary, stream)).state;
const forget = (who: string) => store.personal.forget('skafu', who, Date.now());

test('an event says which of its fields tell of whom', () => {
  expect(personalFieldsOf(Noted)).toEqual([['note', 'actor']]);
  expect(personalFieldsOf(Told)).toEqual([['story', 'about']]);
});

describe('what tells of a person', () => {
  test('is recorded and passed on sealed, and read in clear by decisions and people', async () => {
    await write(person('ann'), Noted({ note: 'I am ill', topic: 'health' }));
    const { events } = await store.load(stream);
    expect(JSON.stringify(events)).not.toContain('I am ill');
    expect(JSON.stringify(events)).toContain('health');
    expect(await reveal(store.personal, 'skafu', events)).toMatchObject([{ data: { note: 'I am ill' } }]);
    expect(await stateNow()).toEqual(['health: I am ill']);
  });

  test('shows as forgotten in state, rows and events once the person is, and all else stays', async () => {
    const notes = readModel({
      follows: diary,
      listed: () => ({ list: 'all', order: '' }),
      project: { Noted: (_, { data }) => ({ shown: `${data.topic}: ${data.note}` }) },
    });
    await write(person('ann'), Noted({ note: 'mine', topic: 'a' }), Told({ about: 'bob', story: 'his' }));
    await write(person('bob'), Noted({ note: 'his own', topic: 'b' }));
    const [first] = (await store.load(stream)).events;
    const row = first && notes.project(undefined, first);
    await forget('bob');
    expect(await stateNow()).toEqual(['a: mine', forgotten, `b: ${forgotten}`]);
    expect(await reveal(store.personal, 'skafu', row)).toEqual({ shown: 'a: mine' });
    await forget('ann');
    expect(await reveal(store.personal, 'skafu', row)).toEqual({ shown: `a: ${forgotten}` });
  });

  test('stays forgotten when the person writes again, and the new is read', async () => {
    await write(person('ann'), Noted({ note: 'old', topic: 'a' }));
    await forget('ann');
    await write(person('ann'), Noted({ note: 'new', topic: 'a' }));
    expect(await stateNow()).toEqual([`a: ${forgotten}`, 'a: new']);
  });

  test('that was recorded in clear text before it was marked goes on being read', async () => {
    const { head } = await store.load(stream);
    const [commandId, correlationId, causationId] = ['c', 'c', 'c'];
    await store.append(head, [Noted({ note: 'long ago', topic: 'a' })], {
      domain: 'testing',
      actor: person('ann'),
      time: 1,
      ...{ commandId, correlationId, causationId },
    });
    expect(await stateNow()).toEqual(['a: long ago']);
  });

  test('is of no person where a function wrote it, and may be absent', async () => {
    await write({ type: 'service', id: 'x' }, Noted({ note: 'by the clock', topic: 'a' }));
    await write(person('ann'), Noted({ topic: 'b' }));
    expect((await store.load(stream)).events[0]?.data).toEqual({ note: 'by the clock', topic: 'a' });
    expect(await stateNow()).toEqual(['a: by the clock', 'b: undefined']);
  });

  test.each([{ about: '' }, {}])('is not recorded when the event does not say of whom: %j', async (said) => {
    const nameless = { type: 'Told', data: { ...said, story: 'somebody’s' } } as DiaryEvent;
    await expect(write(person('ann'), nameless)).rejects.toThrow(
      'Told does not say in "about" of whom "story" tells.',
    );
    expect((await store.load(stream)).events).toEqual([]);
  });

  test('stays readable when it was written after the person was to be forgotten', async () => {
    const before = Date.now() - 1;
    await write(person('ann'), Noted({ note: 'here again', topic: 'a' }));
    await store.personal.forget('skafu', 'ann', before);
    expect(await stateNow()).toEqual(['a: here again']);
  });

  test('opens for its own tenant alone, and only as it was written where it was written', async () => {
    await write(person('ann'), Noted({ note: 'secret', topic: 'a' }));
    const [recorded] = (await store.load(stream)).events;
    const sealed = Noted((recorded?.data ?? { topic: '' }) as Parameters<typeof Noted>[0]).data.note ?? '';
    expect(await reveal(store.personal, 'other', sealed)).toBe(unreadable);
    expect(await reveal(store.personal, 'skafu', sealed)).toBe('secret');
    expect(await reveal(store.personal, 'skafu', sealed.replace('Noted', 'Told'))).toBe(unreadable);
    expect(await reveal(store.personal, 'skafu', sealed.replace('d-1', 'd-2'))).toBe(unreadable);
    const altered = sealed.slice(0, -6) + (sealed.at(-6) === 'A' ? 'B' : 'A') + sealed.slice(-5);
    expect(await reveal(store.personal, 'skafu', altered)).toBe(unreadable);
    expect(await reveal(store.personal, 'skafu', `${mark}junk\uE001`)).toBe(unreadable);
  });
});

test('in whatever order people write and are forgotten, every load answers what is left of them', async () => {
  const who = fc.constantFrom('ann', 'bob', 'cy:%#é');
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), who, note: fc.string({ minLength: 1 }) }),
    fc.record({ kind: fc.constant('forget' as const), who }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      store = createMemoryEventStore();
      let expected: { who: string; text: string }[] = [];
      for (const each of steps) {
        if (each.kind === 'write') {
          await write(person(each.who), Told({ about: each.who, story: each.note }));
          expected.push({ who: each.who, text: each.note });
        } else {
          await forget(each.who);
          expected = expected.map((one) => (one.who === each.who ? { ...one, text: forgotten } : one));
        }
        expect(await stateNow()).toEqual(expected.map((one) => one.text));
      }
    }),
    { numRuns: 200 },
  );
});
