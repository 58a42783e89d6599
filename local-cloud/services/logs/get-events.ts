import type { TelemetryStore } from '../../telemetry/index.ts';
import type { LogGroups } from './groups.ts';
import { flag, groupOf, type Input, integer, limit, notFound, requiredText, text } from './input.ts';
import { MOST_EVENTS, readToken, token, withinBytes } from './positions.ts';

export async function streamExists(
  store: TelemetryStore,
  groups: LogGroups,
  group: string,
  stream: string,
): Promise<boolean> {
  if ((await groups.emptyStreams(group)).has(stream)) return true;
  return (await store.logEvents({ group, streams: [stream], limit: 1 })).length > 0;
}

/** GetLogEvents: one stream, page by page in either direction. */
export async function getLogEvents(store: TelemetryStore, groups: LogGroups, input: Input): Promise<object> {
  const { name: group } = groupOf(groups, input);
  const stream = requiredText(input, 'logStreamName');
  if (!(await streamExists(store, groups, group, stream))) throw notFound('log stream');
  const given = text(input, 'nextToken');
  const from = given === undefined ? undefined : readToken(given);
  const backward = from ? from.direction === 'b' : !flag(input, 'startFromHead');
  const found = await store.logEvents({
    group,
    streams: [stream],
    from: integer(input, 'startTime'),
    to: integer(input, 'endTime'),
    limit: limit(input, MOST_EVENTS),
    backward,
    after: from?.position,
  });
  const events = withinBytes(found);
  if (backward) events.reverse();
  // At either end the token given comes back, by which clients see that they are done. The other one turns around at
  // that place: the line last read is the first to come.
  const { time, sequence } = from?.position ?? { time: 0, sequence: 0 };
  const turned = { time, sequence: backward ? Math.max(sequence - 1, 0) : sequence + 1 };
  return {
    events: events.map(({ time, message, ingestionTime }) => ({ timestamp: time, message, ingestionTime })),
    nextForwardToken: token('f', events.at(-1) ?? (backward ? turned : { time, sequence })),
    nextBackwardToken: token('b', events[0] ?? (backward ? { time, sequence } : turned)),
  };
}
