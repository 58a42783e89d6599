import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { query } from '../definition/query.ts';
import { optional, text } from '../messages/schema.ts';
import { claimsOf, request } from '../testing/requests.ts';
import { serveQuery, tableSetting } from './serve-query.ts';

const asked: { about: string; tenant: string }[] = [];
beforeEach(() => {
  asked.length = 0;
});
afterEach(() => vi.unstubAllEnvs());

const getFigures = query({
  route: 'GET /figures/{about}',
  roles: ['operator'],
  input: { about: text(10), unit: optional(text(10)) },
  installationOnly: true,
  answer: async ({ about }, { tenant }) => {
    asked.push({ about, tenant });
    return { about, version: 7 };
  },
});
const handler = serveQuery(getFigures, new Ajv2020({ strict: false }).compile(getFigures.input));
const ask = (changes: Parameters<typeof request>[0] = {}) =>
  handler(request({ routeKey: getFigures.route, pathParameters: { about: 'cost' }, ...changes }));

describe('a query without read models over HTTP', () => {
  test('is answered to the installation’s own tenant', async () => {
    vi.stubEnv('INSTALLATION_TENANT', 'skafu');
    expect(await ask()).toMatchObject({
      statusCode: 200,
      headers: { etag: '"7"' },
      body: '{"about":"cost","version":7}',
    });
    expect(asked).toEqual([{ about: 'cost', tenant: 'skafu' }]);
  });

  test.each([
    ['another tenant', { claims: claimsOf(['operator'], 'neighbour') }, 403],
    ['another role', { claims: claimsOf(['viewer']) }, 403],
    ['nobody', { claims: {} }, 401],
    ['somebody who asks for what it does not know', { queryStringParameters: { colour: 'red' } }, 400],
    ['somebody who has seen nothing that could be', { queryStringParameters: { atLeast: 'soon' } }, 400],
  ])('is not even asked for %s', async (_who, changes, statusCode) => {
    vi.stubEnv('INSTALLATION_TENANT', 'skafu');
    expect(await ask(changes)).toMatchObject({ statusCode });
    expect(asked).toEqual([]);
  });
});

test('the table of a read model is named by a setting in capitals', () => {
  expect(tableSetting('alertRules')).toBe('READ_MODEL_ALERT_RULES');
});
