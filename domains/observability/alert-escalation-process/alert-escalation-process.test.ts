import { expect, test } from 'vitest';
import { type EscalationFacts, nextEscalation } from './alert-escalation-process.ts';

const channels = [
  { channelId: 'second', name: 'Second line', after: 30 },
  { channelId: 'first', name: 'First line', after: 10 },
];
const facts: EscalationFacts = {
  episode: 'unacknowledged',
  raisedAt: '2026-01-02T03:00:00.000Z',
  channels,
};
const told = (on: string) => ({ step: 'tellChannel', on });

test('an alert waits for people until the first channel is to be told', () => {
  expect(nextEscalation(facts, [], '2026-01-02T03:09:59.999Z')).toEqual({
    waitFor: 'somebody to acknowledge the alert, or else tells First line',
    until: '2026-01-02T03:10:00.000Z',
  });
});

test('each channel is told in its turn', () => {
  expect(nextEscalation(facts, [], '2026-01-02T03:10:00.000Z')).toEqual(told('first'));
  expect(nextEscalation(facts, [told('first')], '2026-01-02T03:10:00.000Z')).toMatchObject({
    until: '2026-01-02T03:30:00.000Z',
  });
  expect(nextEscalation(facts, [told('first')], '2026-01-02T03:30:00.000Z')).toEqual(told('second'));
  expect(nextEscalation(facts, [told('first'), told('second')], '2026-01-02T04:00:00.000Z')).toEqual({
    waitFor: 'somebody to acknowledge the alert',
  });
});

test('two channels of one time are told in an order that does not change', () => {
  const both = [
    { channelId: 'b', name: 'B', after: 5 },
    { channelId: 'a', name: 'A', after: 5 },
  ];
  for (const channels of [both, both.toReversed()])
    expect(nextEscalation({ ...facts, channels }, [], '2026-01-02T03:05:00.000Z')).toEqual(told('a'));
});

test('an end of the episode, or an acknowledgement, takes back what was done, or leaves it at that', () => {
  const now = '2026-01-02T03:10:00.000Z';
  expect(nextEscalation({ ...facts, episode: 'acknowledged' }, [], now)).toEqual({
    complete: 'The alert was acknowledged.',
  });
  expect(nextEscalation({ ...facts, episode: 'over' }, [told('first')], now)).toEqual({
    compensate: 'The alert was resolved.',
  });
});

test('without a channel that wants to be told there is nothing to do', () => {
  expect(nextEscalation({ ...facts, channels: [] }, [], facts.raisedAt)).toEqual({
    complete: 'No channel wants to be told.',
  });
});
