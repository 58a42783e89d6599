import type { PlatformEvent } from '#shared/definition/reactor.ts';
import { type FailedEvent, fingerprintOf } from '#shared/runtime/failure.ts';
import { withoutSecrets } from '#shared/runtime/without-secrets.ts';
import type { Target } from './occurrence.ts';
import type { Reported } from './storm.ts';

const longest = { name: 200, message: 1_000, stack: 8_000, component: 200, stream: 300, id: 200, trace: 500 };

/**
 * Reads an event of the errors bus: what a function reported, or what a state machine says of a projection that it gave
 * up. Answers undefined for what is neither.
 */
export function reportedIn(event: PlatformEvent): Reported | undefined {
  const detail = recordOf(event.detail);
  const at = new Date(event.time).toISOString();
  if (event['detail-type'] === 'ProjectionFailed') return ofProjection(detail, at);
  return event['detail-type'] === 'FunctionFailed' ? ofFunction(detail, at) : undefined;
}

function ofFunction(detail: Fields, at: string): Reported | undefined {
  const fingerprint = cut(detail['fingerprint'], 64);
  const component = cut(detail['component'], longest.component);
  if (!fingerprint || !component) return undefined;
  return {
    fingerprint,
    component,
    name: cut(detail['name'], longest.name) ?? 'Error',
    message: cut(detail['message'], longest.message) ?? 'It said nothing.',
    at,
    ...present({
      stack: cut(detail['stack'], longest.stack),
      stream: cut(detail['stream'], longest.stream),
      target: targetOf('function', detail['event']),
      correlationId: cut(detail['correlationId'], longest.id),
      trace: cut(detail['trace'], longest.trace),
    }),
  };
}

function ofProjection(detail: Fields, at: string): Reported | undefined {
  const component = cut(detail['readModel'], longest.component);
  if (!component) return undefined;
  const { name, message, stack } = errorIn(recordOf(detail['error']));
  return {
    fingerprint: fingerprintOf(component, name, message),
    component,
    name,
    message,
    at,
    ...present({
      stack,
      target: targetOf('read-model', detail),
      correlationId: cut(detail['correlationId'], longest.id),
      trace: cut(detail['trace'], longest.trace),
    }),
  };
}

/** Of a function that threw, the cause is the error as JSON; of one that was stopped, it is a sentence. */
function errorIn({ Error: kind, Cause: cause }: Fields): { name: string; message: string; stack?: string } {
  const thrown = parsed(cause);
  const lines = Array.isArray(thrown['trace']) ? thrown['trace'].join('\n') : undefined;
  const stack = cut(lines && withoutSecrets(lines), longest.stack);
  const message = cut(thrown['errorMessage'], longest.message) ?? (cut(cause, longest.message) || undefined);
  return {
    name: cut(thrown['errorType'], longest.name) ?? cut(kind, longest.name) ?? 'Error',
    message: withoutSecrets(message ?? 'It said nothing.'),
    ...(stack ? { stack } : {}),
  };
}

function targetOf(kind: Target['kind'], value: unknown): Target | undefined {
  const { tenant, stream, version } = recordOf(value) as Partial<Record<keyof FailedEvent, unknown>>;
  const { type, id } = recordOf(stream);
  if (typeof tenant !== 'string' || typeof type !== 'string' || typeof id !== 'string') return undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return undefined;
  return { kind, tenant, type, id, version };
}

type Fields = Readonly<Record<string, unknown>>;

function recordOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function parsed(cause: unknown): Fields {
  try {
    return recordOf(JSON.parse(String(cause)));
  } catch {
    // A sentence, not an error as JSON: it is the message itself.
    return {};
  }
}

function cut(value: unknown, length: number): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, length) : undefined;
}

function present<Value extends object>(fields: Value): { [Name in keyof Value]?: NonNullable<Value[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Value]?: NonNullable<Value[Name]>;
  };
}
