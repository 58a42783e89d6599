import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, signInAs } from '../support/api.ts';
import { type Platform, removeDataDirectory, startPlatform, waitFor } from '../support/platform.ts';
import { ruleOnRequests } from '../support/rules.ts';

let platform: Platform;
let token: string;

beforeAll(async () => {
  platform = await startPlatform();
  token = (await signInAs(platform.outputs, 'operator')).id;
});
afterAll(async () => {
  await platform?.stop();
  removeDataDirectory(platform?.dataDirectory);
});

const get = (path: string) => call(platform.outputs, 'GET', path, { token });
const post = (path: string, body?: unknown) => call(platform.outputs, 'POST', path, { token, body });
const health = () => call(platform.outputs, 'GET', '/health');

/** The API's id, from the metrics of what has really run. */
async function apiId(): Promise<string> {
  const found = await waitFor(
    async () => {
      await health();
      const { body } = await get('/observability/metrics?namespace=AWS/ApiGateway&metricName=Count');
      return body.items?.find(({ dimensions }) => Object.keys(dimensions as object).join() === 'ApiId');
    },
    { what: 'the API to show among the metrics' },
  );
  return (found['dimensions'] as { ApiId: string }).ApiId;
}

const hasAwsCli = spawnSync('aws', ['--version']).status === 0;

describe('the life of an alert', { timeout: 480_000 }, () => {
  let alertId: string;

  test('begins with a rule on a metric of the running platform', async () => {
    const { status, body } = await post('/observability/alert-rules', ruleOnRequests(await apiId()));
    expect(status).toBe(201);
    alertId = String(body.stream).replace('alert-rule/', '');
    const rules = await get(`/observability/alert-rules?atLeast=${body.stream}:${body.version}`);
    expect(rules.body.items).toMatchObject([
      { alertRuleId: alertId, name: 'Many requests', enabled: true, version: 1 },
    ]);
    await waitFor(
      async () =>
        (await get(`/observability/alarms`)).body.items?.some((alarm) => alarm['alertRuleId'] === alertId),
      {
        what: 'the alarm of the rule',
      },
    );
  });

  test('is raised by real traffic', async () => {
    const open = await waitFor(
      async () => {
        await Promise.all(Array.from({ length: 10 }, health));
        return (await get('/observability/alerts?status=open')).body.items?.[0];
      },
      { seconds: 180, what: 'the alert to be raised' },
    );
    expect(open).toMatchObject({
      alertId,
      episode: 1,
      status: 'open',
      ruleName: 'Many requests',
      severity: 'warning',
    });
  });

  test('is acknowledged by an operator', async () => {
    const answer = await post(`/observability/alerts/${alertId}/acknowledgement`, {
      episode: 1,
      note: 'on it',
    });
    expect(answer).toMatchObject({ status: 200, body: { stream: `alert/${alertId}`, version: 2 } });
    const { body } = await get(`/observability/alerts/${alertId}?episode=1&atLeast=alert/${alertId}:2`);
    expect(body).toMatchObject({ note: 'on it', acknowledgedBy: { type: 'user' }, status: 'open' });
    expect((await get(`/observability/alerts/${alertId}`)).body).toEqual(body);
  });

  test('is resolved when the traffic stops', async () => {
    const resolved = await waitFor(
      async () => (await get('/observability/alerts?status=past')).body.items?.[0],
      { seconds: 180, everyMilliseconds: 2000, what: 'the alert to be resolved' },
    );
    expect(resolved).toMatchObject({
      alertId,
      episode: 1,
      status: 'resolved',
      resolution: 'recovered',
      note: 'on it',
    });
    expect((await get('/observability/alerts?status=open')).body.items).toEqual([]);
  });

  test('leaves a complete history', async () => {
    const { body } = await get(`/observability/alerts/${alertId}/history`);
    expect(body.items?.map(({ type, version }) => [type, version])).toEqual([
      ['AlertResolved', 3],
      ['AlertAcknowledged', 2],
      ['AlertRaised', 1],
    ]);
  });

  test.skipIf(!hasAwsCli)('can be read in the event store with the aws CLI', () => {
    const key = JSON.stringify({ ':s': { S: `skafu#alert#${alertId}` } });
    const { awsEndpointUrl, region, tables } = platform.outputs;
    const parameters = [
      'dynamodb',
      'query',
      '--table-name',
      tables['eventStore'] ?? '',
      '--key-condition-expression',
      's = :s',
    ];
    const output = execFileSync(
      'aws',
      [
        ...parameters,
        '--expression-attribute-values',
        key,
        '--endpoint-url',
        awsEndpointUrl,
        '--region',
        region,
      ],
      {
        env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      },
    );
    const { Items } = JSON.parse(output.toString()) as { Items: { y: { S: string } }[] };
    expect(Items.map(({ y }) => y.S)).toEqual(['AlertRaised', 'AlertAcknowledged', 'AlertResolved']);
  });

  test('ends with its rule: the alarm goes, the rule is no longer listed', async () => {
    const answer = await call(platform.outputs, 'DELETE', `/observability/alert-rules/${alertId}`, { token });
    expect(answer.status).toBe(200);
    const rules = await get(
      `/observability/alert-rules?atLeast=alert-rule/${alertId}:${answer.body.version}`,
    );
    expect(rules.body.items).toEqual([]);
    await waitFor(
      async () =>
        (await get('/observability/alarms')).body.items?.every((alarm) => alarm['alertRuleId'] !== alertId),
      {
        what: 'the alarm to go',
      },
    );
  });
});
