import { type Aggregate, fold, idParameter } from '../definition/aggregate.ts';
import type { Command } from '../definition/command.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { reveal } from '../event-store/personal-events.ts';
import { mark } from '../event-store/personal-text.ts';
import { type StreamName, streamPath } from '../messages/envelope.ts';
import type { DomainEvent } from '../messages/event.ts';
import { forbidden, invalid, notFound } from '../messages/problem.ts';
import { eventStore } from './clients.ts';
import { execute } from './execute.ts';
import { type HttpEvent, json } from './http.ts';
import { assertRole, identify } from './identity.ts';
import { idFrom, isId, newId } from './ids.ts';
import { type HttpHandler, serveHttp } from './serve-http.ts';
import { optionalSetting, setting } from './settings.ts';
import { traceHeader, tracing } from './tracing.ts';
import { assertValid, type Validator } from './validate.ts';

/** Makes the Lambda handler of a command: identity, role, input, then load, decide, record. */
export function serveCommand<State, Input, Event extends DomainEvent>(
  command: Command<State, Input, Event>,
  validate: Validator,
  store: () => Promise<EventStore> = eventStore,
): HttpHandler {
  const parameter = idParameter(command.aggregate);
  const startsStream = !command.route.includes(`{${parameter}}`);

  return serveHttp(async (event, correlationId) => {
    const trace = await tracing();
    const caller = identify(event);
    trace.annotate({ tenant: caller.tenant, command: optionalSetting('FUNCTION') ?? command.route });
    assertRole(caller, command.roles);
    if (command.installationOnly && caller.tenant !== setting('INSTALLATION_TENANT')) {
      throw forbidden('It concerns every tenant; only the tenant of the installation may do it.');
    }
    const input = bodyOf(event);
    assertValid(validate, input);
    assertNothingSealed(input);

    const key = idempotencyKeyOf(event);
    const scope = [caller.tenant, caller.actor.id, command.route, key ?? ''];
    const id = startsStream
      ? key
        ? idFrom('stream', ...scope)
        : newId()
      : event.pathParameters?.[parameter];
    if (!isId(id)) throw notFound(`There is no ${command.aggregate.type} ${id}.`);

    const now = Date.now();
    // One id that we made serves as both, and is stored once; a correlation id of the caller's may span many commands.
    const ownId = event.headers['x-correlation-id'] === correlationId ? newId() : correlationId;
    const commandId = key ? idFrom('command', ...scope, id) : ownId;
    const stream = { tenant: caller.tenant, type: command.aggregate.type, id };
    if (command.existsWith)
      await requireExisting(await store(), { ...stream, type: command.existsWith.type });
    const head = await trace.step('## command', { stream: streamPath(stream), correlationId }, async () =>
      execute({
        store: await store(),
        aggregate: command.aggregate,
        stream,
        decide: command.decide,
        // The validator has just checked it against the schema that gives this type.
        input: input as Input,
        context: { actor: caller.actor, now: new Date(now).toISOString() },
        origin: {
          domain: command.aggregate.domain,
          commandId,
          actor: caller.actor,
          correlationId,
          causationId: commandId,
          trace: traceHeader(),
          time: now,
        },
        mustExist: !startsStream && !command.existsWith && !command.mayBegin,
        expectedVersion: expectedVersionOf(event),
      }),
    );
    const more = command.answer
      ? await command.answer(await subjectOf(command.aggregate, await store(), stream))
      : {};
    return json(
      startsStream ? 201 : 200,
      { stream: streamPath(stream), version: head.version, ...more },
      { etag: `"${head.version}"` },
    );
  });
}

async function requireExisting(store: EventStore, stream: StreamName): Promise<void> {
  const { head } = await store.load(stream);
  if (head.version === 0) throw notFound(`There is no ${stream.type} ${stream.id}.`);
}

async function subjectOf<State, Event extends DomainEvent>(
  of: Aggregate<State, Event>,
  store: EventStore,
  stream: StreamName,
) {
  const { events } = await store.load(stream);
  const state = await reveal(store.personal, stream.tenant, fold(of, events));
  return { tenant: stream.tenant, id: stream.id, state };
}

/** The JSON object of the body; an absent body is an empty object, for commands that need no input. */
function bodyOf(event: HttpEvent): unknown {
  if (!event.body) return {};
  const text = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('utf8') : event.body;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('The body is not JSON.', [{ pointer: '#', detail: 'must be a JSON object' }]);
  }
}

/** Sealed texts are written by us alone: one that a caller brought could be opened for them. */
function assertNothingSealed(input: unknown): void {
  if (!JSON.stringify(input).includes(mark)) return;
  throw invalid('Leave out what is sealed.', [{ pointer: '#', detail: 'must not hold a sealed text' }]);
}

function idempotencyKeyOf(event: HttpEvent): string | undefined {
  const key = event.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (key.length >= 1 && key.length <= 128) return key;
  throw invalid('Mend the header Idempotency-Key.', [
    { pointer: '#idempotency-key', detail: 'must have 1 to 128 characters' },
  ]);
}

function expectedVersionOf(event: HttpEvent): number | undefined {
  const given = event.headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(given)?.[1];
  if (version !== undefined) return Number(version);
  throw invalid('Mend the header If-Match.', [
    { pointer: '#if-match', detail: 'must be a version in quotes, as ETag gave it: "7"' },
  ]);
}
