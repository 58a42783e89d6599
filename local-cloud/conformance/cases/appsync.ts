import {
  CreateGraphqlApiCommand,
  GetGraphqlApiCommand,
  GetIntrospectionSchemaCommand,
  GetSchemaCreationStatusCommand,
  GetTypeCommand,
  ListApiKeysCommand,
  ListGraphqlApisCommand,
  ListTagsForResourceCommand,
  StartSchemaCreationCommand,
} from '@aws-sdk/client-appsync';
import { expect, vi } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const name = 'conformance';
const schema = 'type Query { order(id: ID!): Order }\ntype Order { id: ID! total: Int }\n';
const tags = { team: 'orders' };

/** The API of these cases, as the Terraform says it. */
export const appsyncApi = { name, authentication_type: 'AWS_IAM', schema, tags };

/** The same API, made with the SDK where there is no Terraform. */
export async function makeAppsyncApi({ appsync }: Clients): Promise<string> {
  const { graphqlApi } = await appsync.send(
    new CreateGraphqlApiCommand({ name, authenticationType: 'AWS_IAM', tags }),
  );
  const apiId = graphqlApi?.apiId ?? '';
  await appsync.send(new StartSchemaCreationCommand({ apiId, definition: Buffer.from(schema) }));
  await vi.waitFor(async () => {
    const { status } = await appsync.send(new GetSchemaCreationStatusCommand({ apiId }));
    expect(status).not.toBe('PROCESSING');
  });
  return apiId;
}

const service = 'AppSync';

export const appsyncCases: Case[] = [
  {
    service,
    name: 'an API tells its name, its ARN, its tags and how its callers prove who they are',
    operations: ['GetGraphqlApi', 'ListGraphqlApis'],
    async run({ appsync, graphqlApi: apiId }) {
      const { graphqlApi } = await appsync.send(new GetGraphqlApiCommand({ apiId }));
      expect(graphqlApi).toMatchObject({
        apiId,
        name,
        authenticationType: 'AWS_IAM',
        tags,
        visibility: 'GLOBAL',
      });
      expect(graphqlApi?.arn).toMatch(new RegExp(`^arn:aws:appsync:us-east-1:\\d{12}:apis/${apiId}$`, 'u'));
      const { graphqlApis = [] } = await appsync.send(new ListGraphqlApisCommand({}));
      expect(graphqlApis.map((each) => each.apiId)).toContain(apiId);
    },
  },
  {
    service,
    name: 'an API has an endpoint for requests and one for what is told in real time',
    operations: ['GetGraphqlApi'],
    settled:
      'uris holds GRAPHQL and REALTIME: https://docs.aws.amazon.com/appsync/latest/APIReference/API_GraphqlApi.html',
    async run({ appsync, graphqlApi: apiId }) {
      const { graphqlApi } = await appsync.send(new GetGraphqlApiCommand({ apiId }));
      expect(Object.keys(graphqlApi?.uris ?? {}).sort()).toEqual(['GRAPHQL', 'REALTIME']);
    },
  },
  {
    service,
    name: 'an API that is not there is not found',
    operations: ['GetGraphqlApi'],
    async run({ appsync }) {
      expect(await refusalOf(appsync.send(new GetGraphqlApiCommand({ apiId: 'nobody' })))).toBe(
        'NotFoundException',
      );
    },
  },
  {
    service,
    name: 'a schema that was taken says so',
    operations: ['GetSchemaCreationStatus'],
    async run({ appsync, graphqlApi: apiId }) {
      const { status } = await appsync.send(new GetSchemaCreationStatusCommand({ apiId }));
      expect(status).toBe('SUCCESS');
    },
  },
  {
    service,
    name: 'the schema is told as it was written, and as introspection tells it',
    operations: ['GetIntrospectionSchema'],
    async run({ appsync, graphqlApi: apiId }) {
      const told = async (format: 'SDL' | 'JSON') =>
        Buffer.from(
          (await appsync.send(new GetIntrospectionSchemaCommand({ apiId, format }))).schema ?? [],
        ).toString();
      expect(await told('SDL')).toContain('order(id: ID!): Order');
      const { data } = JSON.parse(await told('JSON')) as {
        data: { __schema: { types: { name: string }[] } };
      };
      expect(data.__schema.types.map((type) => type.name)).toContain('Order');
    },
  },
  {
    service,
    name: 'a type is told in the language of schemas',
    operations: ['GetType'],
    async run({ appsync, graphqlApi: apiId }) {
      const { type } = await appsync.send(new GetTypeCommand({ apiId, typeName: 'Order', format: 'SDL' }));
      expect(type).toMatchObject({ name: 'Order', format: 'SDL' });
      expect(type?.definition).toContain('total: Int');
    },
  },
  {
    service,
    name: 'an API without keys has none, and its tags are told by its ARN',
    operations: ['ListApiKeys', 'ListTagsForResource'],
    async run({ appsync, graphqlApi: apiId }) {
      expect((await appsync.send(new ListApiKeysCommand({ apiId }))).apiKeys).toEqual([]);
      const { graphqlApi } = await appsync.send(new GetGraphqlApiCommand({ apiId }));
      const told = await appsync.send(new ListTagsForResourceCommand({ resourceArn: graphqlApi?.arn }));
      expect(told.tags).toEqual(tags);
    },
  },
];
