import { createHash } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { StreamCorrupt } from '../event-store/errors.ts';
import { log } from './log.ts';
import { optionalSetting, setting } from './settings.ts';
import { traceHeader } from './tracing.ts';

/** What the error bus is told of an unexpected failure; never the input, which may hold what people typed. */
export interface Failure {
  /** Equal for failures of one cause: of the function, the error's name, and its message without ids and numbers. */
  readonly fingerprint: string;
  readonly component: string;
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly correlationId?: string;
  readonly stream?: string;
  readonly trace?: string;
}

let client: EventBridgeClient | undefined;

/**
 * Logs an unexpected failure and puts it on the error bus. Never throws: a failure to report must not hide the
 * failure reported, and the log line is written first.
 */
export async function reportFailure(
  error: unknown,
  about: { correlationId?: string; stream?: string } = {},
): Promise<void> {
  const failure = failureOf(error, about);
  log.error('Unexpected failure', { failure });
  try {
    client ??= new EventBridgeClient({});
    const { Entries: [answer] = [] } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: setting('ERRORS_BUS'),
            Source: `skafu.${setting('SERVICE')}`,
            DetailType: 'FunctionFailed',
            Detail: JSON.stringify(failure),
          },
        ],
      }),
    );
    if (answer?.ErrorCode) throw new Error(`${answer.ErrorCode}: ${answer.ErrorMessage}`);
  } catch (unreported) {
    log.error('The failure could not be put on the error bus', { reason: String(unreported) });
  }
}

/** Describes an error; its fingerprint leaves out ids and numbers, so that repetitions fall together. */
export function failureOf(error: unknown, about: { correlationId?: string; stream?: string } = {}): Failure {
  const known = error instanceof Error ? error : new Error(String(error));
  const component = `${optionalSetting('SERVICE') ?? 'unknown'}/${optionalSetting('FUNCTION') ?? 'unknown'}`;
  const general = known.message.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '<id>').replace(/\d+/g, '<n>');
  const trace = traceHeader();
  return {
    fingerprint: createHash('sha256')
      .update(`${component}\n${known.name}\n${general}`)
      .digest('hex')
      .slice(0, 16),
    component,
    name: known.name,
    message: known.message,
    ...(known.stack ? { stack: known.stack } : {}),
    ...(known instanceof StreamCorrupt ? { stream: known.stream } : {}),
    ...about,
    ...(trace ? { trace } : {}),
  };
}
