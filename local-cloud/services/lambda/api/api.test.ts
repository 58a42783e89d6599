import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AwsResponse } from '../../../core/service.ts';
import { apiRequest, createLambdaFixture, type LambdaFixture, patience } from '../lambda-fixture.ts';

let fixture: LambdaFixture | undefined;

async function api() {
  const created = createLambdaFixture();
  fixture = created;
  await created.deploy(
    'echo',
    'export const handler = async (event) => { console.log("seen"); return event; };',
  );
  await created.deploy('fails', 'export const handler = async () => { throw new Error("no"); };');
  const ask = async (method: string, target: string, body?: string, headers?: Record<string, string>) => {
    const response = await created.lambda.handle?.(apiRequest(method, target, body, headers));
    if (!response) throw new Error('Lambda answered nothing.');
    return response;
  };
  return { ...created, ask };
}

const functions = '/2015-03-31/functions';
const read = (response: AwsResponse) => JSON.parse(String(response.body)) as Record<string, unknown>;

afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

describe('Invoke', () => {
  test('answers the payload as it is', async () => {
    const { ask } = await api();
    const response = await ask('POST', `${functions}/echo/invocations`, '{"a":[1]}');
    expect(response).toMatchObject({
      status: 200,
      body: '{"a":[1]}',
      headers: { 'x-amz-executed-version': '$LATEST' },
    });
    expect(response.headers?.['x-amz-function-error']).toBeUndefined();
  });

  test('tells a failed function in a header', async () => {
    const { ask } = await api();
    const response = await ask('POST', `${functions}/fails/invocations`);
    expect(response).toMatchObject({ status: 200, headers: { 'x-amz-function-error': 'Unhandled' } });
    expect(read(response)).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
  });

  test('adds the end of the log when asked to', async () => {
    const { ask } = await api();
    const response = await ask('POST', `${functions}/echo/invocations`, '{}', { 'x-amz-log-type': 'Tail' });
    const tail = Buffer.from(response.headers?.['x-amz-log-result'] ?? '', 'base64').toString();
    expect(tail).toMatch(/^START RequestId: .*seen\n.*REPORT RequestId: /s);
  });

  test('accepts an event and runs it later', async () => {
    const { ask, logged } = await api();
    const headers = { 'x-amz-invocation-type': 'Event' };
    expect(await ask('POST', `${functions}/echo/invocations`, '{}', headers)).toMatchObject({ status: 202 });
    await vi.waitFor(
      () => expect(logged.some(({ message }) => message.includes('seen'))).toBe(true),
      patience,
    );
  });

  test('runs nothing in a dry run', async () => {
    const { ask, logged } = await api();
    const headers = { 'x-amz-invocation-type': 'DryRun' };
    expect(await ask('POST', `${functions}/echo/invocations`, '{}', headers)).toMatchObject({ status: 204 });
    expect(logged).toEqual([]);
  });

  test.each([
    ['an unknown function', 'nobody/invocations', '{}', 404, 'ResourceNotFoundException'],
    ['an unknown alias', 'echo/invocations?Qualifier=prod', '{}', 404, 'ResourceNotFoundException'],
    ['a payload that is not JSON', 'echo/invocations', '{', 400, 'InvalidRequestContentException'],
    ['an address that cannot be read', '%E0%A4%A/invocations', '{}', 400, 'ValidationException'],
    ['a name that cannot be one', 'a%20b/invocations', '{}', 400, 'ValidationException'],
  ])('refuses %s', async (_case, target, body, status, code) => {
    const { ask } = await api();
    const response = await ask('POST', `${functions}/${target}`, body);
    expect(response).toMatchObject({ status, headers: { 'x-amzn-errortype': code } });
  });

  test('runs an alias', async () => {
    const { ask, apply } = await api();
    await apply('aws_lambda_alias', 'prod', {
      name: 'prod',
      function_name: 'echo',
      function_version: '$LATEST',
    });
    expect(await ask('POST', `${functions}/echo/invocations?Qualifier=prod`, '1')).toMatchObject({
      body: '1',
    });
  });
});

test('ListFunctions and GetFunction tell what the Terraform says', async () => {
  const { ask } = await api();
  expect(read(await ask('GET', `${functions}/?MaxItems=1`))).toMatchObject({
    Functions: [
      { FunctionName: 'echo', Runtime: 'nodejs22.x', Timeout: 3, MemorySize: 128, State: 'Active' },
    ],
    NextMarker: '1',
  });
  expect(read(await ask('GET', `${functions}/?Marker=1`))).toMatchObject({
    Functions: [{ FunctionName: 'fails' }],
  });
  const arn = encodeURIComponent('arn:aws:lambda:us-east-1:000000000000:function:echo');
  expect(read(await ask('GET', `${functions}/${arn}`))).toMatchObject({
    Configuration: { FunctionName: 'echo', CodeSha256: expect.stringMatching(/=$/) },
    Code: { RepositoryType: 'S3' },
  });
  expect(read(await ask('GET', `${functions}/echo/configuration`))).toMatchObject({
    Handler: 'index.handler',
  });
});

test('what is not supported says so', async () => {
  const { ask } = await api();
  const response = await ask('GET', '/2018-10-31/layers');
  expect(response).toMatchObject({ status: 501, body: expect.stringContaining('ListLayers') });
  expect(await ask('GET', '/2015-03-31/nothing')).toMatchObject({ status: 501 });
});

test('a function in another language is refused by name', async () => {
  const { deploy } = await api();
  await expect(deploy('snake', '', { runtime: 'python3.13' })).rejects.toMatchObject({
    code: 'NotImplemented',
    message: expect.stringContaining('python3.13'),
  });
});
