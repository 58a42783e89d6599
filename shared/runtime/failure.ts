import { createHash } from 'node:crypto';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { StreamCorrupt } from '../event-store/errors.ts';
import type { Envelope } from '../messages/envelope.ts';
import { log } from './log.ts';
import { optionalSetting, setting } from './settings.ts';
import { traceHeader } from './tracing.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The event that was worked on when a failure came, so that it can be delivered again. Never its data. */
export type FailedEvent = Pick<Envelope, 'id' | 'tenant' | 'stream' | 'version'>;

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
  readonly event?: FailedEvent;
  readonly trace?: string;
}

/** What is known of a failure besides the error. */
export interface FailureContext {
  readonly correlationId?: string;
  readonly stream?: string;
  readonly event?: FailedEvent;
  /** Where it failed, if not in this function. */
  readonly component?: string;
}

/** What a reader needs of each; more would only fill the bus. */
const longest = { name: 200, message: 2_000, stack: 8_000 };

let client: EventBridgeClient | undefined;

/**
 * Logs an unexpected failure and puts it on the error bus. Never throws: a failure to report must not hide the
 * failure reported, and the log line is written first.
 */
export async function reportFailure(error: unknown, about: FailureContext = {}): Promise<void> {
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

/** Reports what the work throws, and throws it on: for functions that no caller waits for. */
export async function reportingFailures<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    await reportFailure(error);
    throw error;
  }
}

/** Describes an error, without what looks like a secret. */
export function failureOf(error: unknown, about: FailureContext = {}): Failure {
  const known = error instanceof Error ? error : new Error(String(error));
  const own = `${optionalSetting('SERVICE') ?? 'unknown'}/${optionalSetting('FUNCTION') ?? 'unknown'}`;
  const { component = own, event, ...context } = about;
  const trace = traceHeader();
  return {
    fingerprint: fingerprintOf(component, known.name, known.message),
    component,
    name: known.name.slice(0, longest.name),
    message: withoutSecrets(known.message).slice(0, longest.message),
    ...(known.stack ? { stack: withoutSecrets(known.stack).slice(0, longest.stack) } : {}),
    ...(known instanceof StreamCorrupt ? { stream: known.stream } : {}),
    ...context,
    ...(event ? { event: failedEvent(event) } : {}),
    ...(trace ? { trace } : {}),
  };
}

/** Leaves out ids and numbers, so that repetitions fall together. */
export function fingerprintOf(component: string, name: string, message: string): string {
  const general = withoutSecrets(message)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '<id>')
    .replace(/\d+/g, '<n>');
  return createHash('sha256').update(`${component}\n${name}\n${general}`).digest('hex').slice(0, 16);
}

function failedEvent({ id, tenant, stream, version }: FailedEvent): FailedEvent {
  return { id, tenant, stream: { type: stream.type, id: stream.id }, version };
}
