import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../core/clock.ts';
import { AwsError } from '../../../core/errors.ts';
import { EventStream, type StreamedEvent } from '../../../core/event-stream.ts';
import type { LogGroups } from '../groups.ts';
import { groupNamed, type Input, invalidParameter, text, textList } from '../input.ts';
import { type FilterPattern, parseFilterPattern } from '../patterns/filter-pattern.ts';
import { TailSession } from './session.ts';

const MOST_SESSIONS = 15;
const MOST_GROUPS = 10;
const MOST_STREAMS = 10;

interface Tail {
  session: TailSession;
  /** ARNs by the names of the groups. */
  groups: ReadonlyMap<string, string>;
  isWanted(stream: string): boolean;
  pattern: FilterPattern;
}

export interface LiveTail {
  /** StartLiveTail. */
  start(input: Input): EventStream;
  /** Tells a line that was written to those who look on. */
  observe(group: string, stream: string, line: { time: number; message: string }): void;
  stop(): void;
}

function readStreams(input: Input, name: string, groups: number): string[] | undefined {
  const streams = textList(input, name);
  if (!streams || streams.length === 0) return undefined;
  if (streams.length > MOST_STREAMS)
    throw invalidParameter(`${name} must hold at most ${MOST_STREAMS} items.`);
  if (groups > 1) throw invalidParameter(`${name} can be given with one log group only.`);
  return streams;
}

function readGroups(groups: LogGroups, input: Input): Map<string, string> {
  const identifiers = textList(input, 'logGroupIdentifiers') ?? [];
  if (identifiers.length < 1 || identifiers.length > MOST_GROUPS) {
    throw invalidParameter(`logGroupIdentifiers must hold 1 to ${MOST_GROUPS} log groups.`);
  }
  const wrong = identifiers.find((each) => !each.startsWith('arn:') || each.endsWith('*'));
  if (wrong !== undefined) {
    throw invalidParameter(
      `logGroupIdentifiers must hold ARNs that do not end with an asterisk, and not ${wrong}.`,
    );
  }
  return new Map(identifiers.map((each) => [groupNamed(groups, each).name, each]));
}

/** Live Tail: lines as they are written, for those who look on. */
export function createLiveTail(clock: Clock, groups: LogGroups, updateMilliseconds?: number): LiveTail {
  const tails = new Set<Tail>();

  /** Begins with the first event that is asked for: a client that left before it leaves nothing behind. */
  async function* events(wanted: Omit<Tail, 'session'>, sessionStart: object): AsyncGenerator<StreamedEvent> {
    const tail = { ...wanted, session: new TailSession(clock, updateMilliseconds) };
    tails.add(tail);
    try {
      yield { type: 'sessionStart', payload: sessionStart };
      for await (const payload of tail.session.updates()) yield { type: 'sessionUpdate', payload };
    } finally {
      tail.session.end();
      tails.delete(tail);
    }
  }

  return {
    start(input) {
      const wanted = readGroups(groups, input);
      const logStreamNames = readStreams(input, 'logStreamNames', wanted.size);
      const logStreamNamePrefixes = readStreams(input, 'logStreamNamePrefixes', wanted.size);
      if (logStreamNames && logStreamNamePrefixes) {
        throw invalidParameter('logStreamNames and logStreamNamePrefixes cannot both be given.');
      }
      const logEventFilterPattern = text(input, 'logEventFilterPattern') ?? '';
      const pattern = parseFilterPattern(logEventFilterPattern);
      if (tails.size >= MOST_SESSIONS) {
        throw new AwsError(
          'LimitExceededException',
          `At most ${MOST_SESSIONS} Live Tail sessions can be open.`,
        );
      }
      const tail: Omit<Tail, 'session'> = {
        groups: wanted,
        isWanted: (stream) =>
          (logStreamNames?.includes(stream) ?? true) &&
          (logStreamNamePrefixes?.some((prefix) => stream.startsWith(prefix)) ?? true),
        pattern,
      };
      return new EventStream(
        events(tail, {
          requestId: randomUUID(),
          sessionId: randomUUID(),
          logGroupIdentifiers: [...wanted.values()],
          logStreamNames: logStreamNames ?? [],
          logStreamNamePrefixes: logStreamNamePrefixes ?? [],
          logEventFilterPattern,
        }),
      );
    },
    observe(group, stream, { time, message }) {
      for (const tail of tails) {
        const logGroupIdentifier = tail.groups.get(group);
        if (logGroupIdentifier === undefined || !tail.isWanted(stream) || !tail.pattern.matches(message))
          continue;
        const ingestionTime = clock.now();
        tail.session.take({
          logGroupIdentifier,
          logStreamName: stream,
          message,
          timestamp: time,
          ingestionTime,
        });
      }
    },
    stop() {
      for (const { session } of tails) session.end();
    },
  };
}
