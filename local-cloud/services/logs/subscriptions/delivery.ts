import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import type { TelemetryStore } from '../../../telemetry/index.ts';
import type { LogGroups } from '../groups.ts';
import { callerFor } from './destination.ts';
import type { Subscription, SubscriptionFilter, SubscriptionFilters } from './filters.ts';
import { extractedFields, packed, type SubscribedLine, type SubscriptionMessage } from './message.ts';

const GATHER_MILLISECONDS = 100;
/** What a function is sent at once at most: packed, it has to fit an asynchronous invocation. */
const MOST_PACKED = 200 * 1024;
const MOST_LINES = 10_000;
const MOST_BYTES = 1024 * 1024;
const DAY = 86_400_000;
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 5 * 60_000;

/** Lines of one stream that wait to be sent by one filter. */
interface Batch {
  subscription: Subscription;
  stream: string;
  lines: SubscribedLine[];
  bytes: number;
}

/** A message that its function could not take yet. */
interface Kept {
  filter: string;
  message: SubscriptionMessage;
  attempts: number;
  since: number;
}

export interface SubscriptionDelivery {
  /** Takes a line that was written. */
  observe(group: string, stream: string, line: Omit<SubscribedLine, 'extractedFields'>): void;
  /** Resolves when all taken so far is with Lambda, or kept on disk to be tried again. */
  saved(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** AWS tries again only what may pass: throttling, and errors of the service. */
const isPassing = (error: unknown) =>
  !(error instanceof AwsError) ||
  (error.status >= 500 && error.code !== 'NotImplemented') ||
  error.status === 429 ||
  /Throttl|TooManyRequests/u.test(error.code);

/**
 * Sends lines to the functions of subscription filters, gathered for a tenth of a second by filter and stream. Lambda
 * takes them asynchronously, so they are on disk there; what it cannot take yet is kept here and tried for a day.
 */
export function createSubscriptionDelivery(
  cloud: Cloud,
  store: TelemetryStore,
  groups: LogGroups,
  filters: SubscriptionFilters,
): SubscriptionDelivery {
  const state = cloud.state.namespace('logs');
  const gathered = new Map<string, Batch>();
  const sending = new Set<Promise<void>>();
  const waits = new Map<string, () => void>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function count(filter: SubscriptionFilter, name: string, unit: string, value: number): void {
    const dimensions = {
      LogGroupName: filter.logGroupName,
      DestinationType: 'Lambda',
      FilterName: filter.filterName,
    };
    store.metric({ namespace: 'AWS/Logs', name, dimensions, unit, value, time: cloud.clock.now() });
  }

  /** Halves what is too large for one invocation. A single line is sent as it is: what AWS takes as a line fits. */
  async function send(filter: SubscriptionFilter, kept: Kept): Promise<void> {
    const { message } = kept;
    const payload = await packed(message);
    const size = payload.awslogs.data.length;
    const lines = message.logEvents;
    if (size > MOST_PACKED && lines.length > 1) {
      const middle = Math.ceil(lines.length / 2);
      for (const logEvents of [lines.slice(0, middle), lines.slice(middle)]) {
        await attempt({ ...kept, message: { ...message, logEvents } });
      }
      return;
    }
    const caller = callerFor(cloud, groups.arn(filter.logGroupName), filter.destinationArn);
    await cloud.ports.targets.deliver(filter.destinationArn, payload, { caller });
    count(filter, 'ForwardedLogEvents', 'Count', lines.length);
    count(filter, 'ForwardedBytes', 'Bytes', Math.floor((size * 3) / 4));
  }

  function wait(key: string, kept: Kept): void {
    const delay = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.max(0, kept.attempts - 1));
    const again = () => {
      waits.delete(key);
      track(attempt(kept, key));
    };
    waits.set(
      key,
      cloud.clock.after(delay, `log lines again to ${kept.message.subscriptionFilters[0]}`, again),
    );
  }

  /** Sends once; `key` is where the message is kept if it was tried before. Never rejects for what the function does. */
  async function attempt(kept: Kept, key?: string): Promise<void> {
    const filter = filters.get(kept.filter)?.filter;
    try {
      if (filter) await send(filter, kept);
      if (key !== undefined) await state.delete(key);
    } catch (error) {
      if (filter) count(filter, 'DeliveryErrors', 'Count', 1);
      const isOver = cloud.clock.now() - kept.since > DAY || !isPassing(error);
      cloud.logger.warn(
        isOver ? 'Log lines could not be sent and are given up.' : 'Log lines are sent later.',
        {
          group: kept.message.logGroup,
          filter: kept.message.subscriptionFilters[0],
          lines: kept.message.logEvents.length,
          reason: error instanceof Error ? error.message : String(error),
        },
      );
      if (!isOver) await keep({ ...kept, attempts: kept.attempts + 1 }, key);
      else if (key !== undefined) await state.delete(key);
    }
  }

  async function keep(kept: Kept, key = `subscription-message/${kept.since}-${randomUUID()}`): Promise<void> {
    await state.put(key, kept);
    if (!stopped) wait(key, kept);
  }

  function track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        cloud.logger.error('Log lines for a subscription could not be kept.', { reason: String(error) });
      })
      .finally(() => void sending.delete(tracked));
    sending.add(tracked);
  }

  function keptOf({ subscription: { key, filter }, stream, lines }: Batch): Kept {
    return {
      filter: key,
      message: {
        messageType: 'DATA_MESSAGE',
        owner: cloud.accountId,
        logGroup: filter.logGroupName,
        logStream: stream,
        subscriptionFilters: [filter.filterName],
        logEvents: lines,
      },
      attempts: 0,
      since: cloud.clock.now(),
    };
  }

  function flush(deliver: (kept: Kept) => Promise<void> = attempt): void {
    clearTimeout(timer);
    timer = undefined;
    const batches = [...gathered.values()];
    gathered.clear();
    for (const batch of batches) track(deliver(keptOf(batch)));
  }

  return {
    observe(group, stream, line) {
      for (const subscription of filters.ofGroup(group)) {
        const { key, filter, pattern } = subscription;
        if (!pattern.matches(line.message)) continue;
        const place = `${key}\n${stream}`;
        const batch = gathered.get(place) ?? { subscription, stream, lines: [], bytes: 0 };
        gathered.set(place, batch);
        batch.lines.push({ ...line, ...extractedFields(pattern, filter.filterPattern, line.message) });
        batch.bytes += line.message.length;
        if (batch.lines.length >= MOST_LINES || batch.bytes >= MOST_BYTES) flush();
        else timer ??= setTimeout(() => flush(), GATHER_MILLISECONDS);
      }
    },
    async saved() {
      flush();
      await Promise.all(sending);
    },
    async start() {
      for (const { key, value } of await state.list<Kept>('subscription-message/')) {
        if (!waits.has(key)) track(attempt(value, key));
      }
    },
    async stop() {
      stopped = true;
      for (const callOff of waits.values()) callOff();
      waits.clear();
      // What is gathered now comes from services that have ended, and so has Lambda: the next process sends it.
      flush((kept) => keep(kept));
      await Promise.all(sending);
    },
  };
}
