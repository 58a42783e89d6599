import { describe, expect, test } from 'vitest';
import { alert, raise, unsilence } from '../alert/alert.ts';
import { alertNotification, sendAgain } from '../alert-notification/alert-notification.ts';
import {
  disable,
  notificationChannel,
  remove,
  requestTest,
  rotateSecret,
} from '../notification-channel/notification-channel.ts';
import { channelSecret } from '../webhook/channel-secret.ts';
import { signedHeaders } from '../webhook/signature.ts';
import {
  act,
  alarm,
  alertId,
  alertIs,
  channelId,
  channelStands,
  deliver,
  loseWhatIsUnderWay,
  messages,
  minutesPass,
  receiver,
  recorded,
  settle,
  silenceFor,
  sweep,
  tenant,
  types,
} from './alert-world.ts';
import { notificationId } from './attend-notification.ts';

describe('a channel', () => {
  test('is told of each moment that it wants, in a message that it can verify', async () => {
    await channelStands();
    await alertIs('raised', 'acknowledged', 'resolved');
    expect(types()).toEqual(['alert.raised', 'alert.acknowledged', 'alert.resolved']);
    const secret = await channelSecret(tenant, channelId, 1);
    for (const { headers, body } of receiver.received) {
      const time = Number(headers['webhook-timestamp']) * 1000;
      const signed = signedHeaders(String(headers['webhook-id']), body, secret, time);
      expect(headers).toMatchObject(signed);
    }
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  test('is told once, however often and in whatever order the bus delivers', async () => {
    await channelStands();
    await alertIs('raised', 'resolved');
    for (const event of [...recorded].reverse()) await deliver(event);
    for (const event of [...recorded]) await deliver(event);
    expect(types()).toEqual(['alert.raised', 'alert.resolved']);
  });

  test.each([
    ['another severity', { severities: ['info' as const] }],
    ['another moment', { moments: ['resolved' as const] }],
  ])('that wants %s is not told', async (_, more) => {
    await channelStands(more);
    await alertIs('raised');
    expect(receiver.received).toEqual([]);
  });

  test('that is younger than the moment is not told of it', async () => {
    await alertIs('raised');
    minutesPass(1);
    await channelStands();
    for (const event of [...recorded]) await deliver(event);
    expect(receiver.received).toEqual([]);
  });

  test('is told nothing that is older than a day, which only read models still need', async () => {
    await channelStands();
    await act(alert, alertId, raise, { ...alarm, changedAt: new Date().toISOString() });
    minutesPass(25 * 60);
    await settle();
    expect(receiver.received).toEqual([]);
  });

  test.each([
    ['disabled', disable],
    ['deleted', remove],
  ])('that was %s meanwhile gets nothing, and that is told', async (_, decide) => {
    await channelStands();
    receiver.status = 503;
    await alertIs('raised');
    await act(notificationChannel, channelId, decide, {});
    minutesPass(1);
    await sweep();
    expect(receiver.received).toHaveLength(1);
    expect(messages()).toEqual({ raised: 'dropped' });
  });

  test('is tested on request, and tells what came of it', async () => {
    await channelStands();
    receiver.status = 410;
    await act(notificationChannel, channelId, requestTest, {});
    await settle();
    expect(types()).toEqual(['channel.test']);
    expect(recorded.at(-1)).toMatchObject({
      type: 'NotificationChannelTested',
      data: { test: 1, outcome: 'failed', status: 410, reason: 'The receiver answered 410.' },
    });
  });

  test('is signed for with its newest secret', async () => {
    await channelStands();
    await act(notificationChannel, channelId, rotateSecret, {});
    await alertIs('raised');
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const id = String(headers['webhook-id']);
    const time = Number(headers['webhook-timestamp']) * 1000;
    const signedWith = async (generation: number) =>
      signedHeaders(id, body, await channelSecret(tenant, channelId, generation), time)['webhook-signature'];
    expect(headers['webhook-signature']).toBe(await signedWith(2));
    expect(headers['webhook-signature']).not.toBe(await signedWith(1));
  });
});

describe('a receiver that is down', () => {
  test('is tried again after a pause, with the same id, and gets the message once it is up', async () => {
    await channelStands();
    receiver.status = 503;
    await alertIs('raised');
    expect(messages()).toEqual({ raised: 'retrying' });
    await sweep();
    expect(receiver.received).toHaveLength(1);
    receiver.status = 204;
    minutesPass(1);
    await sweep();
    expect(messages()).toEqual({ raised: 'delivered' });
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await sweep();
    expect(receiver.received).toHaveLength(2);
  });

  test('is given up after six attempts, until somebody asks for it again', async () => {
    await channelStands();
    receiver.status = 503;
    await alertIs('raised');
    for (let hour = 0; hour < 10; hour++) {
      minutesPass(61);
      await sweep();
    }
    expect(receiver.received).toHaveLength(6);
    expect(messages()).toEqual({ raised: 'failed' });
    receiver.status = 204;
    await act(alertNotification, notificationId(channelId, alertId, 1, 'raised'), sendAgain, {});
    await settle();
    expect(receiver.received).toHaveLength(7);
    expect(messages()).toEqual({ raised: 'delivered' });
  });
});

describe('a message whose event was lost on its way', () => {
  test('is sent by the sweep', async () => {
    await channelStands();
    await act(alert, alertId, raise, { ...alarm, changedAt: new Date().toISOString() });
    const [raised] = recorded.slice(-1);
    if (!raised) throw new Error('The alert was not raised.');
    await deliver(raised);
    loseWhatIsUnderWay();
    expect(receiver.received).toEqual([]);
    minutesPass(2);
    await sweep();
    expect(messages()).toEqual({ raised: 'delivered' });
  });
});

describe('a silenced alert', () => {
  test('is told when the silence ends by time, if it is still open', async () => {
    await channelStands();
    await silenceFor(60);
    await alertIs('raised');
    expect(messages()).toEqual({ raised: 'withheld' });
    minutesPass(30);
    await sweep();
    expect(receiver.received).toEqual([]);
    minutesPass(31);
    await sweep();
    expect(types()).toEqual(['alert.raised']);
  });

  test('is told at once when somebody ends the silence', async () => {
    await channelStands();
    await silenceFor(60);
    await alertIs('raised');
    await act(alert, alertId, unsilence, {});
    await settle();
    expect(messages()).toEqual({ raised: 'delivered' });
  });

  test('is told later when the silence is put off, and sooner when it is cut short', async () => {
    await channelStands();
    await silenceFor(10);
    await alertIs('raised');
    await silenceFor(120);
    minutesPass(60);
    await sweep();
    expect(receiver.received).toEqual([]);
    await silenceFor(5);
    minutesPass(6);
    await sweep();
    expect(types()).toEqual(['alert.raised']);
  });

  test('that is over by then is not told at all', async () => {
    await channelStands();
    await silenceFor(60);
    await alertIs('raised', 'acknowledged', 'resolved');
    minutesPass(61);
    await sweep();
    expect(receiver.received).toEqual([]);
    expect(messages()).toEqual({ raised: 'dropped', acknowledged: 'dropped', resolved: 'dropped' });
  });

  test('tells of its end those who were told of its beginning', async () => {
    await channelStands();
    await alertIs('raised');
    await silenceFor(60);
    await alertIs('resolved');
    expect(types()).toEqual(['alert.raised']);
    minutesPass(61);
    await sweep();
    expect(types()).toEqual(['alert.raised', 'alert.resolved']);
  });
});
