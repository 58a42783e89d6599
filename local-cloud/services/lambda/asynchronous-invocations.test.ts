import { afterEach, describe, expect, test, vi } from 'vitest';
import { createMemoryState } from '../../core/memory-state.ts';
import { createLambdaFixture, type LambdaFixture, patience } from './lambda-fixture.ts';

const opened: LambdaFixture[] = [];
const fails = 'export const handler = async (event) => { throw new Error(`failed on ${event.n}`); };';
const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

function lambda(given: Parameters<typeof createLambdaFixture>[0] = {}) {
  const sent: { queue: string; body: unknown; attributes: Record<string, string> }[] = [];
  const fixture = createLambdaFixture({
    retryDelays: [1, 1],
    ...given,
    ports: {
      queues: {
        send: async (queue, body, attributes = {}) =>
          void sent.push({ queue, body: JSON.parse(body), attributes }),
      },
    },
  });
  opened.push(fixture);
  return { ...fixture, sent, pending: () => fixture.cloud.state.namespace('lambda-asynchronous').list() };
}

afterEach(async () => {
  for (const fixture of opened.splice(0)) await fixture.close();
});

describe('an asynchronous invocation', () => {
  test('is on disk when it is accepted, and forgotten when it succeeded', async () => {
    const { deploy, cloud, pending, logged } = lambda();
    await deploy('works', 'export const handler = async (event) => console.log("got", event.n);');
    await cloud.ports.functions.enqueue('works', { n: 7 });
    expect(await pending()).toHaveLength(1);
    await vi.waitFor(async () => expect(await pending()).toEqual([]), patience);
    expect(logged.some(({ message }) => message.includes('got 7'))).toBe(true);
  });

  test('that fails is tried three times under one request id, then goes to the failure destination', async () => {
    const { deploy, cloud, apply, sent, logged } = lambda();
    await deploy('fails', fails);
    await apply('aws_lambda_function_event_invoke_config', 'config', {
      function_name: 'fails',
      destination_config: [{ on_failure: [{ destination: queueArn('failures') }] }],
    });
    await cloud.ports.functions.enqueue('fails', { n: 1 });
    await vi.waitFor(() => expect(sent).toHaveLength(1), patience);
    expect(sent[0]).toMatchObject({
      queue: queueArn('failures'),
      body: {
        version: '1.0',
        requestContext: {
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:fails:$LATEST',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { n: 1 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'Error', errorMessage: 'failed on 1' },
      },
    });
    const starts = logged.filter(({ message }) => message.startsWith('START'));
    expect(starts).toHaveLength(3);
    expect(new Set(starts.map(({ message }) => message)).size).toBe(1);
  });

  test('that fails goes to the dead-letter queue as it came, with the error beside it', async () => {
    const { deploy, cloud, sent } = lambda();
    await deploy('fails', fails, { dead_letter_config: { target_arn: queueArn('dead') } });
    await cloud.ports.functions.enqueue('fails', { n: 2 });
    await vi.waitFor(() => expect(sent).toHaveLength(1), patience);
    expect(sent[0]).toMatchObject({
      queue: queueArn('dead'),
      body: { n: 2 },
      attributes: { ErrorCode: '200', ErrorMessage: 'failed on 2', RequestID: expect.any(String) },
    });
  });

  test('is tried only as often as its function says', async () => {
    const { deploy, cloud, apply, pending, logged } = lambda();
    await deploy('fails', fails);
    await apply('aws_lambda_function_event_invoke_config', 'config', {
      function_name: 'fails',
      maximum_retry_attempts: 0,
    });
    await cloud.ports.functions.enqueue('fails', {});
    await vi.waitFor(async () => expect(await pending()).toEqual([]), patience);
    expect(logged.filter(({ message }) => message.startsWith('START'))).toHaveLength(1);
  });

  test('that waits for its retry goes on after a restart', async () => {
    const state = createMemoryState();
    const first = lambda({ cloud: { state }, retryDelays: [60_000] });
    await first.deploy('later', fails);
    await first.cloud.ports.functions.enqueue('later', { n: 3 });
    await vi.waitFor(
      async () =>
        expect(await first.pending()).toMatchObject([{ value: { failures: 1, payload: '{"n":3}' } }]),
      patience,
    );
    await first.lambda.stop?.();
    const [entry] = await first.pending();
    await state
      .namespace('lambda-asynchronous')
      .put(entry?.key ?? '', { ...(entry?.value as object), dueAt: 0 });

    const second = lambda({ cloud: { state } });
    await second.deploy('later', 'export const handler = async (event) => console.log("again", event.n);');
    await second.lambda.resume?.();
    await vi.waitFor(async () => expect(await second.pending()).toEqual([]), patience);
    expect(second.logged.some(({ message }) => message.includes('again 3'))).toBe(true);
  });

  test('of a function that does not exist is refused at once', async () => {
    const { cloud, pending } = lambda();
    await expect(cloud.ports.functions.enqueue('nobody', {})).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    expect(await pending()).toEqual([]);
  });
});
