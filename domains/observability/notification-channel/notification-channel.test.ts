import { describe, expect, test } from 'vitest';
import { fold } from '#shared/definition/aggregate.ts';
import { givenEventsOf } from '#shared/testing/given.ts';
import {
  type Channel,
  change,
  create,
  disable,
  enable,
  NotificationChannelChanged,
  NotificationChannelCreated,
  NotificationChannelDeleted,
  NotificationChannelDisabled,
  NotificationChannelEnabled,
  type NotificationChannelEvent,
  NotificationChannelSecretRotated,
  NotificationChannelTested,
  NotificationChannelTestRequested,
  notificationChannel,
  recordTest,
  remove,
  requestTest,
  rotateSecret,
} from './notification-channel.ts';

const channel: Channel = {
  name: 'On call',
  kind: 'webhook',
  url: 'https://hooks.example.com/alerts',
  severities: ['critical', 'warning'],
  moments: ['raised', 'resolved'],
  consoleUrl: 'https://console.example.com',
};
const { consoleUrl: _, ...unlinked } = channel;
const wish = { ...channel, allowLoopback: false };
const created = NotificationChannelCreated({ ...channel, generation: 1 });
const deleted = NotificationChannelDeleted({});
const tested = { outcome: 'delivered' as const, status: 204, milliseconds: 12 };
const given = givenEventsOf(notificationChannel);

describe('a notification channel', () => {
  test('is created once, with its first secret', () => {
    given().when(create, wish).thenRecords(created);
    given(created).when(create, wish).thenRefused('notification-channel-exists');
  });

  test('has a name of its own among those that stand, in whatever case', () => {
    const nameAfter = (...history: readonly NotificationChannelEvent[]) =>
      notificationChannel.unique?.['name']?.(fold(notificationChannel, history));
    expect(nameAfter(created)).toBe('on call');
    expect(nameAfter(created, NotificationChannelChanged({ ...channel, name: 'NIGHT' }))).toBe('night');
    expect(nameAfter(created, NotificationChannelDisabled({}))).toBe('on call');
    expect([nameAfter(), nameAfter(created, deleted)]).toEqual([undefined, undefined]);
  });

  test.each([
    ['plain HTTP', 'http://hooks.example.com'],
    ['plain HTTP to this machine', 'http://localhost:8080'],
    ['another protocol', 'ftp://hooks.example.com'],
    ['something that is no address', 'hooks.example.com'],
    ['a user name in the address', 'https://me@hooks.example.com'],
    ['a password in the address', 'https://:secret@hooks.example.com'],
  ])('refuses %s', (_, url) => {
    given()
      .when(create, { ...wish, url })
      .thenRefused('invalid-input');
    given()
      .when(create, { ...wish, consoleUrl: url })
      .thenRefused('invalid-input');
  });

  test('may go to this machine over plain HTTP where the platform runs on it', () => {
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      const url = `http://${host}:8080/`;
      given()
        .when(create, { ...unlinked, url, allowLoopback: true })
        .thenRecords(NotificationChannelCreated({ ...unlinked, url, generation: 1 }));
    }
    given()
      .when(create, { ...wish, url: 'http://example.com', allowLoopback: true })
      .thenRefused('invalid-input');
  });

  test('is changed; the same in another order is no change', () => {
    given(created)
      .when(change, { ...wish, name: 'Night shift' })
      .thenRecords(NotificationChannelChanged({ ...channel, name: 'Night shift' }));
    given(created)
      .when(change, { ...wish, severities: ['warning', 'critical'] })
      .thenNothing();
    given(created)
      .when(change, { ...wish, url: 'nowhere' })
      .thenRefused('invalid-input');
  });

  test('is disabled and enabled', () => {
    const disabled = NotificationChannelDisabled({});
    given(created).when(disable, {}).thenRecords(disabled);
    given(created, disabled).when(disable, {}).thenNothing();
    given(created, disabled).when(enable, {}).thenRecords(NotificationChannelEnabled({}));
    given(created, disabled, NotificationChannelEnabled({})).when(enable, {}).thenNothing();
  });

  test('gets a new secret whenever one is asked for', () => {
    const second = NotificationChannelSecretRotated({ generation: 2 });
    given(created).when(rotateSecret, {}).thenRecords(second);
    given(created, second)
      .when(rotateSecret, {})
      .thenRecords(NotificationChannelSecretRotated({ generation: 3 }));
  });

  test('is tested as often as people like, and tells how the last test went', () => {
    const [first, second] = [1, 2].map((test) => NotificationChannelTestRequested({ test }));
    if (!first || !second) throw new Error('There are two.');
    given(created).when(requestTest, {}).thenRecords(first);
    given(created, first).when(requestTest, {}).thenRecords(second);
    given(created, first)
      .when(recordTest, { test: 1, ...tested })
      .thenRecords(NotificationChannelTested({ test: 1, ...tested }));
  });

  test('takes no answer to a test twice, late, or unasked', () => {
    const asked = [created, NotificationChannelTestRequested({ test: 1 })];
    const answered = NotificationChannelTested({ test: 1, ...tested });
    given(...asked, answered)
      .when(recordTest, { test: 1, ...tested })
      .thenNothing();
    given(...asked)
      .when(recordTest, { test: 2, ...tested })
      .thenNothing();
    given(...asked, deleted)
      .when(recordTest, { test: 1, ...tested })
      .thenNothing();
  });

  test('is gone once it was deleted', () => {
    given(created).when(remove, {}).thenRecords(deleted);
    given(created, deleted).when(remove, {}).thenNothing();
    given(created, deleted).when(change, wish).thenRefused('notification-channel-deleted');
    given(created, deleted).when(enable, {}).thenRefused('notification-channel-deleted');
    given(created, deleted, NotificationChannelChanged(channel)).when(remove, {}).thenNothing();
  });

  test('keeps the last change', () => {
    const changed = NotificationChannelChanged(unlinked);
    given(created, changed)
      .when(change, { ...unlinked, allowLoopback: false })
      .thenNothing();
  });
});
