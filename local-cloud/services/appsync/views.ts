import type { Cloud } from '../../core/cloud.ts';
import { type Block, type Cell, timeText, type View, viewAddress } from '../../core/view.ts';
import { urisOf } from './endpoint.ts';
import type { GraphqlApi, Resolver } from './model.ts';
import type { Connections } from './realtime/connections.ts';
import type { Registry } from './registry.ts';
import { mutationsOf } from './schema/schema.ts';

/** The GraphQL APIs, what answers each field, and who listens now. */
export function graphqlView(cloud: Cloud, registry: Registry, connections: Connections): View {
  return {
    id: 'graphql',
    title: 'GraphQL',
    about: 'Every AppSync API with what answers its fields, and who is connected to it now.',
    show(query) {
      const api = registry.apis.get(query.get('api') ?? '');
      return api ? blocksOf(cloud, registry, connections, api) : [apisTable(registry, connections)];
    },
  };
}

function apisTable(registry: Registry, connections: Connections): Block {
  const rows = [...registry.apis.values()].map((api) => [
    { text: api.name, to: viewAddress('graphql', { api: api.id }) },
    api.id,
    [api.authenticationType, ...api.additionalTypes].join(', '),
    registry.resolversOf(api.id).length,
    busy(connections.of(api.id).size),
    busy(subscriptionsOf(connections, api).length),
  ]);
  const columns = ['API', 'Id', 'Who may ask', 'Resolvers', 'Connections', 'Subscriptions'];
  return { kind: 'table', title: 'GraphQL APIs', columns, rows, empty: 'The Terraform has no GraphQL API.' };
}

const busy = (count: number): Cell => (count > 0 ? { text: String(count), tone: 'busy' } : 0);

function subscriptionsOf(connections: Connections, api: GraphqlApi) {
  return [...connections.of(api.id)].flatMap((connection) => connection.subscriptions);
}

function blocksOf(cloud: Cloud, registry: Registry, connections: Connections, api: GraphqlApi): Block[] {
  const { GRAPHQL, REALTIME } = urisOf(cloud.endpointUrl, api.id);
  return [
    {
      kind: 'fields',
      title: api.name,
      fields: [
        ['GraphQL', GRAPHQL],
        ['Real time', REALTIME],
        ['Who may ask', [api.authenticationType, ...api.additionalTypes].join(', ')],
        ['All APIs', { text: 'back to the list', to: viewAddress('graphql') }],
      ],
    },
    fieldsTable(registry, api),
    {
      kind: 'table',
      title: 'Connections now',
      columns: ['Since', 'Who', 'Subscriptions'],
      rows: [...connections.of(api.id)].map((connection) => [
        timeText(connection.since),
        nameOf(connection.requester?.identity),
        connection.subscriptions.length,
      ]),
      empty: 'Nobody is connected.',
    },
    {
      kind: 'table',
      title: 'Subscriptions now',
      columns: ['Since', 'Field', 'Who', 'Told what'],
      rows: subscriptionsOf(connections, api).map(({ since, field, requester, filter, given }) => [
        timeText(since),
        field,
        nameOf(requester.identity),
        filter ? JSON.stringify(filter.filterGroup) : JSON.stringify(given),
      ]),
      empty: 'Nobody has subscribed.',
    },
  ];
}

function fieldsTable(registry: Registry, api: GraphqlApi): Block {
  const roots = [
    api.schema?.getQueryType(),
    api.schema?.getMutationType(),
    api.schema?.getSubscriptionType(),
  ];
  const ofRoots = roots.flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => {
      const resolver = registry.resolver(api.id, type?.name ?? '', field.name);
      const mutations = mutationsOf(field);
      const told = mutations.length > 0 ? `told by ${mutations.join(', ')}` : 'nothing';
      return [`${type?.name}.${field.name}`, String(field.type), resolver ? answeredBy(resolver) : told];
    }),
  );
  const rootNames = new Set(roots.map((type) => type?.name));
  const nested = registry
    .resolversOf(api.id)
    .filter(({ typeName }) => !rootNames.has(typeName))
    .map((resolver) => [`${resolver.typeName}.${resolver.fieldName}`, '', answeredBy(resolver)]);
  return {
    kind: 'table',
    title: 'Fields',
    columns: ['Field', 'Type', 'Answered by'],
    rows: [...ofRoots, ...nested],
    empty: 'The API has no schema.',
  };
}

function answeredBy({ pipeline, dataSource, code }: Resolver): string {
  if (pipeline) return `a pipeline of ${pipeline.length} functions`;
  return `${dataSource}${code === undefined ? '' : ', by APPSYNC_JS'}`;
}

/** Who that is, in a word; nothing of a token is shown. */
function nameOf(identity: object | null | undefined): string {
  if (identity === undefined) return 'not known yet';
  const { username, userArn } = (identity ?? {}) as { username?: unknown; userArn?: unknown };
  return String(userArn ?? username ?? 'an API key');
}
