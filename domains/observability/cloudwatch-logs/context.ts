import {
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
  type OutputLogEvent,
} from '@aws-sdk/client-cloudwatch-logs';
import { calling } from '#shared/runtime/upstream.ts';
import type { LogsClient } from './client.ts';

/** How many lines are shown on each side of one. */
export const mostAround = 50;

/** CloudWatch Logs may answer a page without lines although some follow. */
const mostPages = 4;

export interface ContextWish {
  readonly group: string;
  readonly stream: string;
  /** The instant of the line. */
  readonly at: string;
  readonly around: number;
}

/** The lines of a stream around an instant: before it, and from it on. Oldest first. */
export async function linesAround(client: LogsClient, wish: ContextWish): Promise<OutputLogEvent[]> {
  const time = Date.parse(wish.at);
  const stream = { logGroupName: wish.group, logStreamName: wish.stream };
  const [before, after] = await Promise.all([
    read(client, { ...stream, endTime: time, limit: wish.around, startFromHead: false }),
    // The line itself comes first of those that follow.
    read(client, { ...stream, startTime: time, limit: wish.around + 1, startFromHead: true }),
  ]);
  return [...before, ...after];
}

async function read(client: LogsClient, input: GetLogEventsCommandInput): Promise<OutputLogEvent[]> {
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer: GetLogEventsCommandOutput = await calling(
      'CloudWatch Logs',
      'GetLogEvents',
      client.send(new GetLogEventsCommand({ ...input, nextToken })),
    );
    const next = input.startFromHead ? answer.nextForwardToken : answer.nextBackwardToken;
    if (answer.events?.length || !next || next === nextToken) return answer.events ?? [];
    nextToken = next;
  }
  return [];
}
