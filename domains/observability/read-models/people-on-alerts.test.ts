import { describe, expect, test } from 'vitest';
import { type ReadModel, remove } from '#shared/definition/read-model.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { AlertCommented, AlertSilenced, AlertUnsilenced } from '../alert/alert.ts';
import {
  type Channel,
  NotificationChannelChanged,
  NotificationChannelCreated,
  NotificationChannelDeleted,
  NotificationChannelDisabled,
  NotificationChannelEnabled,
  NotificationChannelSecretRotated,
  NotificationChannelTested,
  NotificationChannelTestRequested,
} from '../notification-channel/notification-channel.ts';
import { alertEpisodes } from './alert-episodes.ts';
import { alertSilences } from './alert-silences.ts';
import { channels } from './channels.ts';

const time = (version: number) => `2026-01-02T03:04:${`${version}`.padStart(2, '0')}.000Z`;
const until = '2026-01-03T00:00:00.000Z';

/** The row of the stream after the events; undefined when there is none. */
function rowAfter<Row>(model: ReadModel<Row>, ...events: readonly DomainEvent[]): Row | undefined {
  let row: Row | undefined;
  events.forEach((event, index) => {
    const version = index + 1;
    const envelope: Envelope = {
      specversion: '1.0',
      id: `test/id-1/${version}`,
      source: 'skafu.observability',
      schemaVersion: 1,
      time: time(version),
      tenant: 'skafu',
      stream: { type: 'test', id: 'id-1' },
      version,
      commit: version,
      actor: { type: 'user', id: 'u' },
      correlationId: 'c',
      causationId: 'd',
      ...event,
    };
    const after = model.project(row, envelope);
    row = after === remove ? undefined : after;
  });
  return row;
}

describe('the silences of alerts', () => {
  test('tell until when, why, by whom and since when, the latest end last in order', () => {
    const row = rowAfter(alertSilences, AlertSilenced({ until, reason: 'planned' }));
    expect(row).toEqual({
      alertId: 'id-1',
      until,
      reason: 'planned',
      silencedAt: time(1),
      silencedBy: { type: 'user', id: 'u' },
    });
    expect(row && alertSilences.listed(row)).toEqual({ list: 'all', order: `${until}#id-1` });
  });

  test('are gone when they are ended', () => {
    const ended = [AlertSilenced({ until, reason: 'planned' }), AlertUnsilenced({})];
    expect(rowAfter(alertSilences, ...ended)).toBeUndefined();
  });

  test('make no row among the episodes', () => {
    expect(rowAfter(alertEpisodes, AlertSilenced({ until, reason: 'planned' }))).toBeUndefined();
    expect(rowAfter(alertEpisodes, AlertCommented({ episode: 1, text: 'hm' }))).toBeUndefined();
  });
});

describe('the notification channels', () => {
  const channel: Channel = {
    name: 'On call',
    kind: 'webhook',
    url: 'https://hooks.example.com/',
    severities: ['critical'],
    moments: ['raised'],
    consoleUrl: 'https://console.example.com',
  };
  const { consoleUrl: _, ...unlinked } = channel;
  const created = NotificationChannelCreated({ ...channel, generation: 1 });
  const tested = { test: 1, outcome: 'delivered' as const, status: 204, milliseconds: 9 };

  test('show what a change says, and nothing of what it leaves out', () => {
    const row = rowAfter(channels, created, NotificationChannelChanged({ ...unlinked, name: 'Night' }));
    expect(row).toMatchObject({ name: 'Night', enabled: true, createdAt: time(1), changedAt: time(2) });
    expect(row).not.toHaveProperty('consoleUrl');
    expect(row).not.toHaveProperty('generation');
  });

  test('show whether they are enabled, and when the secret was made', () => {
    const disabled = [created, NotificationChannelDisabled({})];
    expect(rowAfter(channels, ...disabled)).toMatchObject({ enabled: false });
    expect(rowAfter(channels, ...disabled, NotificationChannelEnabled({}))).toMatchObject({ enabled: true });
    const rotated = NotificationChannelSecretRotated({ generation: 2 });
    expect(rowAfter(channels, created, rotated)).toMatchObject({ secretRotatedAt: time(2), version: 2 });
  });

  test('show the last test, first on its way and then with its outcome', () => {
    const asked = [created, NotificationChannelTestRequested({ test: 1 })];
    expect(rowAfter(channels, ...asked)?.lastTest).toEqual({ test: 1, requestedAt: time(2) });
    expect(rowAfter(channels, ...asked, NotificationChannelTested(tested))?.lastTest).toEqual({
      ...tested,
      requestedAt: time(2),
      at: time(3),
    });
  });

  test('show none that was deleted', () => {
    expect(rowAfter(channels, created, NotificationChannelDeleted({}))).toBeUndefined();
  });
});
