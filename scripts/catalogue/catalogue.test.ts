import { readFileSync } from 'node:fs';
import asyncApiSpecs from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { findDomains } from '#stacks/find-domains.ts';
import { asyncApiOf } from './asyncapi.ts';
import { catalogueFiles } from './documents.ts';
import { openApiOf } from './openapi.ts';

const files = await catalogueFiles();
const domains = await findDomains();

describe('the catalogue', () => {
  test.each([...files])(
    '%s says what the manifests say; `npm run catalogue` writes it anew',
    (path, content) => {
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  test('of the API is valid OpenAPI 3.1, and has every command and query', async () => {
    const document = openApiOf(domains);
    const { valid, errors } = await new Validator().validate(document as Record<string, unknown>);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    const operations = Object.values(document['paths'] as Record<string, object>).flatMap((path) =>
      Object.values(path as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
    );
    const defined = domains.flatMap(({ commands, queries }) => [
      ...Object.keys(commands),
      ...Object.keys(queries),
    ]);
    expect(operations.sort()).toEqual(defined.sort());
  });

  test('of the events is valid AsyncAPI 3, and has every event with who records it', () => {
    const document = asyncApiOf(domains) as {
      operations: Record<string, { action: string; messages: { $ref: string }[] }>;
      components: { messages: object };
    };
    // AsyncAPI's schema carries JSON Schema's own, which ajv must not have twice.
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false, logger: false });
    addFormats(ajv);
    const validate = ajv.compile(asyncApiSpecs.schemas['3.0.0'] as object);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    const events = domains.flatMap(({ name, aggregates }) =>
      Object.values(aggregates).flatMap(({ type, events: own }) =>
        own.map((event) => `${name}.${type}.${event.type}`),
      ),
    );
    expect(Object.keys(document.components.messages).sort()).toEqual(events.sort());
    const recorded = Object.values(document.operations)
      .filter(({ action }) => action === 'send')
      .flatMap(({ messages }) => messages.map(({ $ref }) => $ref.replace('#/channels/events/messages/', '')));
    expect(recorded.sort()).toEqual(events);
  });
});
