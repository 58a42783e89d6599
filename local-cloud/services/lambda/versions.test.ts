import { afterEach, describe, expect, test, vi } from 'vitest';
import { createMemoryState } from '../../core/memory-state.ts';
import { versionByChance } from './aliases.ts';
import { createLambdaFixture, type LambdaFixture, patience } from './lambda-fixture.ts';

const opened: LambdaFixture[] = [];

function lambda(options?: Parameters<typeof createLambdaFixture>[0]): LambdaFixture {
  const fixture = createLambdaFixture(options);
  opened.push(fixture);
  return fixture;
}

afterEach(async () => {
  for (const fixture of opened.splice(0)) await fixture.close();
});

const saying = (word: string) => `export const handler = async (event, context) => ({
  word: '${word}', version: context.functionVersion, variable: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  arn: context.invokedFunctionArn, mode: process.env.MODE, start: process.env.AWS_LAMBDA_INITIALIZATION_TYPE });`;
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:shop';
const published = { publish: true };

async function payload({ cloud }: LambdaFixture, name: string) {
  return (await cloud.ports.functions.invoke(name, {})).payload;
}

describe('a published version', () => {
  test('keeps its code and its settings when the function goes on', async () => {
    const fixture = lambda();
    const environment = { variables: { MODE: 'first' } };
    const first = await fixture.deploy('shop', saying('old'), { ...published, environment });
    expect(first).toMatchObject({
      version: '1',
      qualified_arn: `${arn}:1`,
      qualified_invoke_arn: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}:1/invocations`,
    });
    expect(await fixture.deploy('shop', saying('new'), published)).toMatchObject({ version: '2' });
    expect(await payload(fixture, 'shop:1')).toEqual({
      ...{ word: 'old', version: '1', variable: '1', arn: `${arn}:1`, mode: 'first', start: 'on-demand' },
    });
    expect(await payload(fixture, `${arn}:2`)).toMatchObject({ word: 'new', version: '2' });
    expect(await payload(fixture, 'shop')).toMatchObject({ word: 'new', version: '$LATEST', arn });
    expect(fixture.logged.some(({ stream }) => stream.includes('/[1]'))).toBe(true);
  });

  test('is the last one when nothing has changed', async () => {
    const fixture = lambda();
    await fixture.deploy('shop', saying('old'), published);
    expect(await fixture.deploy('shop', saying('old'), published)).toMatchObject({ version: '1' });
  });

  test('outlasts a restart, as do aliases, and its number is never given again', async () => {
    const state = createMemoryState();
    const before = lambda({ cloud: { state } });
    await before.deploy('shop', saying('old'), published);
    await before.deploy('shop', saying('new'), published);
    await before.apply('aws_lambda_alias', 'live', {
      ...{ name: 'live', function_name: 'shop', function_version: '1' },
    });
    await before.lambda.stop?.();
    const after = lambda({ cloud: { state, dataDirectory: before.cloud.dataDirectory } });
    expect(await after.deploy('shop', saying('newest'), published)).toMatchObject({ version: '3' });
    expect(await payload(after, 'shop:live')).toMatchObject({
      word: 'old',
      version: '1',
      arn: `${arn}:live`,
    });
  });

  test('goes with its function', async () => {
    const fixture = lambda();
    const attributes = await fixture.deploy('shop', saying('old'), published);
    await fixture.lambda.resources['aws_lambda_function']?.remove?.('address', attributes);
    await expect(payload(fixture, 'shop:1')).rejects.toThrow('Function not found');
    expect(await fixture.cloud.state.namespace('lambda-functions').list()).toEqual([]);
  });
});

describe('an alias', () => {
  test('runs the version that it names, and counts there', async () => {
    const fixture = lambda();
    await fixture.deploy('shop', saying('old'), published);
    await fixture.deploy('shop', saying('new'), published);
    const alias = { name: 'live', function_name: 'shop', function_version: '1' };
    expect(await fixture.apply('aws_lambda_alias', 'live', alias)).toMatchObject({ arn: `${arn}:live` });
    expect(await payload(fixture, 'shop:live')).toMatchObject({ word: 'old' });
    await fixture.apply('aws_lambda_alias', 'live', { ...alias, function_version: '2' });
    expect(await payload(fixture, 'shop:live')).toMatchObject({ word: 'new' });
    await vi.waitFor(() =>
      expect(fixture.cloud.recorded.metrics).toContainEqual(
        expect.objectContaining({
          name: 'Invocations',
          dimensions: { FunctionName: 'shop', Resource: 'shop:live', ExecutedVersion: '2' },
        }),
      ),
    );
  });

  test('sends its share of the calls to another version', () => {
    const alias = { name: 'live', functionVersion: '1', description: '', revisionId: '' };
    expect(versionByChance({ ...alias, weights: { 2: 0.25 } }, 0.24)).toBe('2');
    expect(versionByChance({ ...alias, weights: { 2: 0.25 } }, 0.25)).toBe('1');
    expect(versionByChance({ ...alias, weights: { 2: 1 } }, 0.999)).toBe('2');
    expect(versionByChance({ ...alias, weights: {} }, 0)).toBe('1');
  });

  test.each([
    ['a version that is not there', { function_version: '7' }, 'ResourceNotFoundException'],
    ['a name that is a number', { name: '7' }, 'InvalidParameterValueException'],
    [
      'weights beyond the whole',
      { routing_config: { additional_version_weights: { 2: 1.5 } } },
      'InvalidParameterValueException',
    ],
  ])('with %s is refused', async (_case, settings, code) => {
    const fixture = lambda();
    await fixture.deploy('shop', saying('old'), published);
    await fixture.deploy('shop', saying('new'), published);
    const alias = { name: 'live', function_name: 'shop', function_version: '1', ...settings };
    await expect(fixture.apply('aws_lambda_alias', 'live', alias)).rejects.toMatchObject({ code });
  });

  test('has retries and destinations of its own', async () => {
    const sent: unknown[] = [];
    const queues = { send: async (_queue: string, body: string) => void sent.push(JSON.parse(body)) };
    const fixture = lambda({ retryDelays: [1], ports: { queues } });
    await fixture.deploy('shop', 'export const handler = async () => { throw new Error("no"); };', published);
    await fixture.apply('aws_lambda_alias', 'live', {
      ...{ name: 'live', function_name: 'shop', function_version: '1' },
    });
    await fixture.apply('aws_lambda_function_event_invoke_config', 'live', {
      function_name: 'shop',
      qualifier: 'live',
      maximum_retry_attempts: 0,
      destination_config: { on_failure: { destination: 'arn:aws:sqs:us-east-1:000000000000:failed' } },
    });
    await fixture.cloud.ports.functions.enqueue('shop:live', {});
    await vi.waitFor(() => expect(sent).toHaveLength(1), patience);
    expect(sent[0]).toMatchObject({
      requestContext: { functionArn: `${arn}:live`, approximateInvokeCount: 1 },
      responseContext: { executedVersion: '1' },
    });
  });
});

test('provisioned concurrency has workers ready before the first call', async () => {
  const fixture = lambda();
  await fixture.deploy('shop', saying('old'), published);
  await fixture.apply('aws_lambda_provisioned_concurrency_config', 'shop', {
    ...{ function_name: 'shop', qualifier: '1', provisioned_concurrent_executions: 1 },
  });
  expect(await payload(fixture, 'shop:1')).toMatchObject({ start: 'provisioned-concurrency' });
  await expect(
    fixture.apply('aws_lambda_provisioned_concurrency_config', 'shop', {
      ...{ function_name: 'shop', qualifier: '$LATEST', provisioned_concurrent_executions: 1 },
    }),
  ).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
});

describe('reserved concurrency', () => {
  test('of none stops a function, versions too, and says why', async () => {
    const fixture = lambda();
    await fixture.deploy('shop', saying('old'), { ...published, reserved_concurrent_executions: 0 });
    for (const name of ['shop', 'shop:1']) {
      await expect(payload(fixture, name)).rejects.toMatchObject({
        code: 'TooManyRequestsException',
        status: 429,
        details: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      });
    }
  });

  test('leaves a hundred to the functions without one', async () => {
    const fixture = lambda();
    await expect(
      fixture.deploy('shop', saying('old'), { reserved_concurrent_executions: 901 }),
    ).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
  });
});
