import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createEventStore, type EventStore } from '#shared/event-store/event-store.ts';
import type { StreamName } from '#shared/messages/envelope.ts';
import type { DomainEvent } from '#shared/messages/event.ts';
import { newId } from '#shared/runtime/ids.ts';
import type { Outputs } from '../start/outputs.ts';

/*
 * Fills the store of a platform that runs with many events, to try the pages of events on: one long stream of an alert
 * rule, and the rest in short streams of channels that are switched on and off. They are commits as every other, so relay
 * and read models follow them.
 *
 * node --import tsx scripts/bench/many-events.ts --data-dir .skafu --events 100000
 */

/** Events of the long stream, in commits of this many; as many as a state is folded from. */
const longest = 10_000;
const perCommit = 50;
/** Events of each short stream, and how many streams are written at once. */
const short = 10;
const atOnce = 16;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: '.skafu' },
    events: { type: 'string', default: '100000' },
  },
});
const outputs = JSON.parse(readFileSync(join(values['data-dir'], 'outputs.json'), 'utf8')) as Outputs;
const client = new DynamoDBClient({
  endpoint: outputs.awsEndpointUrl,
  region: outputs.region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const store = createEventStore(client, outputs.tables['eventStore'] ?? '');
const tenant = outputs.users[0]?.tenant ?? '';

const wished = Number(values.events);
const started = performance.now();
const long = Math.min(longest, wished);
await Promise.all([fillLongStream(long), fillShortStreams(wished - long)]);
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${wished} events in ${seconds.toFixed(1)} s, ${Math.round(wished / seconds)} a second\n`,
);
client.destroy();

async function fillLongStream(events: number): Promise<void> {
  const rule = (threshold: number) => ({
    name: 'Changed often',
    severity: 'info',
    metric: { namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: {} },
    statistic: 'Sum',
    period: 60,
    comparison: 'GreaterThanThreshold',
    threshold,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missingData: 'notBreaching',
  });
  const all = Array.from({ length: events }, (_, index) => ({
    type: index === 0 ? 'AlertRuleDefined' : 'AlertRuleChanged',
    data: rule(index),
  }));
  const stream = { tenant, type: 'alert-rule', id: newId() };
  process.stdout.write(`the long stream is ${stream.type}/${stream.id}\n`);
  await record(store, stream, all, perCommit);
}

async function fillShortStreams(events: number): Promise<void> {
  let left = Math.floor(events / short);
  const created = (name: string): DomainEvent => ({
    type: 'NotificationChannelCreated',
    data: {
      name,
      kind: 'webhook',
      url: 'https://hooks.example.com/',
      severities: ['info'],
      moments: ['raised'],
      generation: 1,
    },
  });
  const switched = (index: number): DomainEvent => ({
    type: index % 2 === 0 ? 'NotificationChannelEnabled' : 'NotificationChannelDisabled',
    data: {},
  });
  const fill = async (): Promise<void> => {
    while (left > 0) {
      left--;
      const stream = { tenant, type: 'notification-channel', id: newId() };
      const history = Array.from({ length: short }, (_, index) =>
        index === 0 ? created(`Channel ${left}`) : switched(index),
      );
      await record(store, stream, history, short);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, fill));
}

async function record(
  to: EventStore,
  stream: StreamName,
  events: readonly DomainEvent[],
  size: number,
): Promise<void> {
  let { head } = await to.load(stream);
  for (let from = 0; from < events.length; from += size) {
    const id = newId();
    const appended = await to.append(head, events.slice(from, from + size), {
      domain: 'observability',
      commandId: id,
      actor: { type: 'service', id: 'bench/many-events' },
      correlationId: id,
      causationId: id,
      time: Date.now(),
    });
    if (!('head' in appended)) throw new Error(`Somebody else writes to ${stream.type}/${stream.id}.`);
    head = appended.head;
  }
}
