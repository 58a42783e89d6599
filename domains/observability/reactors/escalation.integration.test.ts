import { describe, expect, test } from 'vitest';
import { alertEscalationProcess } from '../alert-escalation-process/alert-escalation-process.ts';
import { notificationChannel, remove } from '../notification-channel/notification-channel.ts';
import {
  act,
  alertIs,
  channelId,
  channelStands,
  inMinutes,
  messages,
  minutesPass,
  receiver,
  recorded,
  settle,
  silenceFor,
  sweep,
  types,
  wakeProcesses,
} from './alert-world.ts';

describe('an alert that nobody acknowledges', () => {
  const later = '01990000-0000-7000-8000-000000000003';
  const escalation = { moments: ['escalated' as const], escalateAfter: 10 };
  const ofProcess = () =>
    recorded
      .filter(({ stream }) => stream.type === alertEscalationProcess.type)
      .map(({ type, data }) => ({ type, data: data as Record<string, unknown> }));

  test('is told to each channel when its time has come, once', async () => {
    await channelStands({ ...escalation, name: 'Second line', escalateAfter: 30 }, later);
    await channelStands(escalation);
    await alertIs('raised');
    expect(receiver.received).toEqual([]);
    expect(ofProcess().at(-1)?.data).toEqual({
      for: 'somebody to acknowledge the alert, or else tells On call',
      until: inMinutes(10),
    });
    minutesPass(9);
    await wakeProcesses();
    expect(receiver.received).toEqual([]);
    minutesPass(1);
    await wakeProcesses();
    await wakeProcesses();
    expect(types()).toEqual(['alert.escalated']);
    minutesPass(20);
    await wakeProcesses();
    expect(types()).toEqual(['alert.escalated', 'alert.escalated']);
    expect(ofProcess().at(-1)).toMatchObject({
      type: 'ProcessWaiting',
      data: { for: 'somebody to acknowledge the alert' },
    });
    await alertIs('resolved');
    expect(ofProcess().at(-1)?.data).toEqual({ outcome: 'compensated', reason: 'The alert was resolved.' });
  });

  test.each(['acknowledged', 'resolved'] as const)(
    'in time is told to nobody once it is %s',
    async (step) => {
      await channelStands(escalation);
      await alertIs('raised', step);
      minutesPass(60);
      await wakeProcesses();
      expect(receiver.received).toEqual([]);
      expect(ofProcess().at(-1)).toMatchObject({ type: 'ProcessEnded', data: { outcome: 'completed' } });
    },
  );

  test('is left to people for 15 minutes where the channel does not say how long', async () => {
    await channelStands({ moments: ['escalated'] });
    await alertIs('raised');
    expect(ofProcess().at(-1)?.data).toMatchObject({ until: inMinutes(15) });
  });

  test('needs no process where no channel wants to be told', async () => {
    await channelStands();
    await alertIs('raised', 'acknowledged', 'resolved');
    expect(ofProcess()).toEqual([]);
  });

  test('but at last is, takes back the message that has not reached anybody', async () => {
    await channelStands(escalation);
    receiver.status = 503;
    await alertIs('raised');
    minutesPass(10);
    await wakeProcesses();
    expect(messages()).toEqual({ escalated: 'retrying' });
    await alertIs('acknowledged');
    expect(messages()).toEqual({ escalated: 'dropped' });
    expect(ofProcess().at(-1)?.data).toEqual({
      outcome: 'compensated',
      reason: 'The alert was acknowledged.',
    });
  });

  test('is told at the end of a silence, unless it was acknowledged meanwhile', async () => {
    await channelStands(escalation);
    await alertIs('raised');
    await silenceFor(60);
    minutesPass(10);
    await wakeProcesses();
    expect(messages()).toEqual({ escalated: 'withheld' });
    minutesPass(60);
    await sweep();
    expect(types()).toEqual(['alert.escalated']);
  });

  test('is told to nobody by a channel that was deleted meanwhile', async () => {
    await channelStands(escalation);
    await alertIs('raised');
    await act(notificationChannel, channelId, remove, {});
    await settle();
    minutesPass(10);
    await wakeProcesses();
    expect(messages()).toEqual({});
    expect(ofProcess().at(-1)).toMatchObject({
      type: 'ProcessEnded',
      data: { outcome: 'completed', reason: 'No channel wants to be told.' },
    });
  });
});
