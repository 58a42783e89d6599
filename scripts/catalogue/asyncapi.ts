import { type Domain, kebabCase } from '#shared/definition/domain.ts';
import { wakingAggregates } from '#shared/definition/reactor.ts';
import { isFollowed, type ReadModel } from '#shared/definition/read-model.ts';
import type { AnyEventDefinition } from '#shared/messages/event.ts';

type Json = Readonly<Record<string, unknown>>;

interface CataloguedEvent {
  readonly domain: string;
  readonly aggregate: string;
  readonly event: AnyEventDefinition;
}

/** The AsyncAPI 3 document of every event: its schema, the aggregate that records it, and whatever is told of it. */
export function asyncApiOf(domains: readonly Domain[]): Json {
  const events = domains.flatMap(eventsOf);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Skafu events',
      version: '1',
      description:
        'Every event of every domain. The bus repeats and reorders: an event is a notification, the event store is the truth.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      events: {
        address: 'skafu-{environment}-events',
        title: 'The events bus',
        parameters: { environment: { enum: ['local', 'dev', 'staging', 'prod'] } },
        messages: Object.fromEntries(
          events.map((each) => [nameOf(each), { $ref: `#/components/messages/${nameOf(each)}` }]),
        ),
      },
    },
    operations: Object.fromEntries(domains.flatMap((domain) => operationsOf(domain, events))),
    components: {
      messages: Object.fromEntries(events.map((each) => [nameOf(each), messageOf(each)])),
      schemas: { Envelope: envelope },
    },
  };
}

function eventsOf({ name, aggregates }: Domain): CataloguedEvent[] {
  return Object.values(aggregates).flatMap(({ type, events }) =>
    events.map((event) => ({ domain: name, aggregate: type, event })),
  );
}

const nameOf = ({ domain, aggregate, event }: CataloguedEvent) => `${domain}.${aggregate}.${event.type}`;

function messageOf({ domain, aggregate, event }: CataloguedEvent): Json {
  return {
    name: event.type,
    title: event.type.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    'x-schema-version': event.schemaVersion,
    payload: {
      allOf: [
        { $ref: '#/components/schemas/Envelope' },
        {
          type: 'object',
          properties: {
            source: { const: `skafu.${domain}` },
            type: { const: event.type },
            stream: { type: 'object', properties: { type: { const: aggregate } } },
            data: event.schema,
          },
        },
      ],
    },
  };
}

/** Who records, and who is told. */
function operationsOf(domain: Domain, events: readonly CataloguedEvent[]): [string, Json][] {
  const operation = (
    action: 'send' | 'receive',
    summary: string,
    about: readonly CataloguedEvent[],
  ): Json => ({
    action,
    summary,
    channel: { $ref: '#/channels/events' },
    messages: about.map((each) => ({ $ref: `#/channels/events/messages/${nameOf(each)}` })),
  });
  const named = (part: string) => `${domain.name}.${part}`;
  const own = (type: string) =>
    events.filter((each) => each.domain === domain.name && each.aggregate === type);
  const toldTo = (model: Pick<ReadModel, 'follows'>) =>
    events.filter(({ aggregate }) => isFollowed(model, aggregate));
  return [
    ...Object.values(domain.aggregates).map(({ type }): [string, Json] => [
      named(`record-${type}`),
      operation('send', `The aggregate ${type} records`, own(type)),
    ]),
    ...Object.entries(domain.readModels).map(([key, model]): [string, Json] => [
      named(kebabCase(key)),
      operation('receive', `The read model ${kebabCase(key)} follows`, toldTo(model)),
    ]),
    ...Object.entries(domain.reactors).flatMap(([key, reactor]): [string, Json][] =>
      'follows' in reactor
        ? [
            [
              named(kebabCase(key)),
              operation(
                'receive',
                `The reactor ${kebabCase(key)} acts on`,
                toldTo({ follows: wakingAggregates(reactor) }),
              ),
            ],
          ]
        : [],
    ),
  ];
}

/** As `shared/messages/envelope.ts` has it. */
const envelope: Json = {
  type: 'object',
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', description: '`<aggregate>/<stream id>/<version>`' },
    source: { type: 'string', description: '`skafu.<domain>`' },
    type: { type: 'string' },
    schemaVersion: { type: 'integer', minimum: 1 },
    time: { type: 'string', format: 'date-time' },
    tenant: { type: 'string' },
    stream: {
      type: 'object',
      properties: { type: { type: 'string' }, id: { type: 'string' } },
      required: ['type', 'id'],
    },
    version: { type: 'integer', minimum: 1, description: 'Position in its stream, without a gap.' },
    commit: { type: 'integer', minimum: 1 },
    actor: {
      type: 'object',
      properties: { type: { enum: ['user', 'service'] }, id: { type: 'string' } },
      required: ['type', 'id'],
    },
    correlationId: { type: 'string' },
    causationId: { type: 'string' },
    trace: { type: 'string', description: 'X-Ray trace header.' },
    data: { description: 'Absent where the event was too large for the bus.' },
    dataref: { type: 'string' },
  },
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'schemaVersion',
    'time',
    'tenant',
    'stream',
    'version',
    'commit',
    'actor',
    'correlationId',
    'causationId',
  ],
};
