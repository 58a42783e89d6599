import { idParameter } from '#shared/definition/aggregate.ts';
import type { AnyCommand } from '#shared/definition/command.ts';
import type { Domain } from '#shared/definition/domain.ts';
import type { AnyQuery } from '#shared/definition/query.ts';
import { absoluteRoute } from '#stacks/routes.ts';
import { sentenceOf } from './sentence.ts';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of every command and query, from the very schemas that validate them. */
export function openApiOf(domains: readonly Domain[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const add = (domain: string, route: string, operation: Json) => {
    const [method = '', path = ''] = absoluteRoute(domain, route).split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const { name, commands, queries } of domains) {
    for (const [key, command] of Object.entries(commands))
      add(name, command.route, commandOperation(name, key, command));
    for (const [key, query] of Object.entries(queries))
      add(name, query.route, queryOperation(name, key, query));
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Skafu',
      version: '1',
      description: 'Commands and queries. What every one of them shares stands in docs/api.md.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ idToken: [] }],
    tags: domains.map(({ name }) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        idToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The ID token of Cognito.',
        },
      },
      schemas: { Recorded: recorded, Problem: problem },
      responses: {
        Problem: {
          description: 'What was refused, and how to mend it.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

const recorded: Json = {
  type: 'object',
  description: 'Where the stream stands after the command.',
  properties: {
    stream: { type: 'string', examples: ['alert-rule/…'] },
    version: { type: 'integer', minimum: 0 },
  },
  required: ['stream', 'version'],
};

const problem: Json = {
  type: 'object',
  description: 'RFC 9457.',
  properties: {
    type: { type: 'string', examples: ['urn:skafu:problem:invalid-input'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    correlationId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { pointer: { type: 'string' }, detail: { type: 'string' } },
        required: ['pointer', 'detail'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail', 'correlationId'],
};

const refusal: Json = { default: { $ref: '#/components/responses/Problem' } };

function commandOperation(domain: string, key: string, command: AnyCommand): Json {
  const fields = Object.keys((command.input['properties'] ?? {}) as Json);
  const startsStream = !command.route.includes(`{${idParameter(command.aggregate)}}`);
  return {
    operationId: key,
    summary: sentenceOf(key),
    tags: [domain],
    'x-aggregate': command.aggregate.type,
    'x-roles': command.roles,
    parameters: [
      ...pathParameters(command.route),
      header('Idempotency-Key', 'Makes a retry answer what the first try did.', {
        type: 'string',
        maxLength: 128,
      }),
      header('If-Match', 'Acts only at this version: `"7"`.', { type: 'string' }),
    ],
    ...(fields.length > 0
      ? { requestBody: { required: true, content: { 'application/json': { schema: command.input } } } }
      : {}),
    responses: {
      [startsStream ? '201' : '200']: {
        description: 'Recorded, or already done.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Recorded' } } },
      },
      ...refusal,
    },
  };
}

function queryOperation(domain: string, key: string, query: AnyQuery): Json {
  const properties = (query.input['properties'] ?? {}) as Readonly<Record<string, Json>>;
  const required = (query.input['required'] ?? []) as readonly string[];
  const inPath = namesIn(query.route);
  return {
    operationId: key,
    summary: sentenceOf(key),
    tags: [domain],
    'x-roles': query.roles,
    ...(query.installationOnly ? { 'x-installation-only': true } : {}),
    parameters: [
      ...pathParameters(query.route, properties),
      ...Object.entries(properties)
        .filter(([name]) => !inPath.includes(name))
        .map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema })),
      ...(Object.keys(query.readModels).length > 0 ? [atLeast] : []),
    ],
    responses: {
      '200': { description: 'The answer.', content: { 'application/json': { schema: { type: 'object' } } } },
      ...refusal,
    },
  };
}

const atLeast: Json = {
  name: 'atLeast',
  in: 'query',
  required: false,
  description: 'Shows this version at least, as a command answered it: `alert-rule/<id>:3`.',
  schema: { type: 'string' },
};

function pathParameters(route: string, schemas: Readonly<Record<string, Json>> = {}): Json[] {
  return namesIn(route).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: schemas[name] ?? { type: 'string', format: 'uuid' },
  }));
}

function namesIn(route: string): string[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

function header(name: string, description: string, schema: Json): Json {
  return { name, in: 'header', required: false, description, schema };
}
