import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createLambdaFixture, type LambdaFixture, patience } from './lambda-fixture.ts';

let fixture: LambdaFixture | undefined;

function lambda(options?: Parameters<typeof createLambdaFixture>[0]): LambdaFixture {
  fixture = createLambdaFixture(options);
  return fixture;
}

afterEach(async () => {
  await fixture?.close();
  fixture = undefined;
});

describe('an invocation', () => {
  test('answers what the handler returns', async () => {
    const { deploy, cloud } = lambda();
    await deploy('echo', 'export const handler = async (event) => ({ got: event });');
    const answer = await cloud.ports.functions.invoke('echo', { a: 1 });
    expect(answer).toEqual({
      payload: { got: { a: 1 } },
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('runs CommonJS modules, and handlers that answer through their callback', async () => {
    const { deploy, cloud } = lambda();
    const source = 'exports.handler = (event, context, callback) => callback(null, event.n + 1);';
    await deploy('callback', source, {}, 'index.js');
    expect((await cloud.ports.functions.invoke('callback', { n: 1 })).payload).toBe(2);
  });

  test('finds the function by name, ARN and the ARN API Gateway invokes', async () => {
    const { deploy, cloud } = lambda();
    const { arn, invoke_arn } = await deploy('echo', 'export const handler = async () => 1;');
    for (const name of ['echo', String(arn), `${arn}:$LATEST`, String(invoke_arn)]) {
      expect((await cloud.ports.functions.invoke(name, {})).payload).toBe(1);
    }
  });

  test('of a function that does not exist is refused', async () => {
    const { cloud } = lambda();
    await expect(cloud.ports.functions.invoke('nobody', {})).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 404,
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody',
    });
  });

  test('answers a thrown error in the shape of Lambda', async () => {
    const { deploy, cloud } = lambda();
    await deploy('throws', 'export const handler = async () => { throw new TypeError("no"); };');
    const { payload, functionError } = await cloud.ports.functions.invoke('throws', {});
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'TypeError', errorMessage: 'no', trace: expect.any(Array) });
  });

  test('keeps the module between calls, and hands the function its environment and context', async () => {
    const { deploy, cloud } = lambda();
    const source = `let calls = 0;
      export const handler = async (event, context) => ({
        calls: ++calls, name: context.functionName, id: context.awsRequestId, mode: process.env.MODE,
        region: process.env.AWS_REGION, endpoint: process.env.AWS_ENDPOINT_URL, group: context.logGroupName,
        arn: context.invokedFunctionArn, remaining: context.getRemainingTimeInMillis(), memory: context.memoryLimitInMB,
      });`;
    await deploy('context', source, { environment: { variables: { MODE: 'test' } }, timeout: 10 });
    await cloud.ports.functions.invoke('context', {});
    const { payload, requestId } = await cloud.ports.functions.invoke('context', {});
    expect(payload).toMatchObject({
      calls: 2,
      name: 'context',
      id: requestId,
      mode: 'test',
      region: 'us-east-1',
      endpoint: cloud.endpointUrl,
      group: '/aws/lambda/context',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
      memory: '128',
    });
    expect((payload as { remaining: number }).remaining).toBeGreaterThan(5000);
  });

  test('sees nothing of the environment of the local cloud itself', async () => {
    const { deploy, cloud } = lambda();
    await deploy('environment', 'export const handler = async () => Object.keys(process.env);');
    const { payload } = await cloud.ports.functions.invoke('environment', {});
    expect(payload).not.toContain('PATH');
    expect(payload).not.toContain('HOME');
  });

  test.each([
    ['a module that is not there', '', 'other.handler', 'Runtime.ImportModuleError'],
    ['a handler that is not exported', 'export const x = 1;', 'index.handler', 'Runtime.HandlerNotFound'],
    [
      'code that cannot be parsed',
      'export const handler = (',
      'index.handler',
      'Runtime.UserCodeSyntaxError',
    ],
    ['code that throws while loading', 'throw new RangeError("x");', 'index.handler', 'RangeError'],
  ])('names %s', async (_case, source, handler, errorType) => {
    const { deploy, cloud } = lambda();
    await deploy('broken', source, { handler });
    expect((await cloud.ports.functions.invoke('broken', {})).payload).toMatchObject({ errorType });
  });

  test('beyond the reserved concurrency is throttled and counted', async () => {
    const { deploy, cloud } = lambda();
    const source = 'export const handler = () => new Promise((done) => setTimeout(done, 50));';
    await deploy('narrow', source, { reserved_concurrent_executions: 1 });
    const first = cloud.ports.functions.invoke('narrow', {});
    await expect(cloud.ports.functions.invoke('narrow', {})).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      status: 429,
    });
    await first;
    expect(cloud.recorded.metrics).toContainEqual(expect.objectContaining({ name: 'Throttles', value: 1 }));
  });

  test('that finds every worker busy gets one of its own', async () => {
    const { deploy, cloud } = lambda();
    const source =
      'export const handler = () => new Promise((done) => setTimeout(() => done(process.pid), 1500));';
    await deploy('busy', source);
    const answers = await Promise.all([1, 2, 3].map(() => cloud.ports.functions.invoke('busy', {})));
    expect(new Set(answers.map(({ payload }) => payload)).size).toBeGreaterThan(1);
  });
});

describe('what an invocation leaves behind', () => {
  test('are log lines in the order of START, its own, END and REPORT', async () => {
    const { deploy, cloud, logged } = lambda();
    const source = `export const handler = async () => {
      console.log('one\\ntwo', { a: 1 });
      process.stdout.write('raw\\n');
    };`;
    await deploy('talks', source);
    const { requestId } = await cloud.ports.functions.invoke('talks', {});
    await vi.waitFor(() => expect(logged).toHaveLength(5), patience);
    expect(logged.map(({ message }) => message)).toEqual([
      `START RequestId: ${requestId} Version: $LATEST\n`,
      expect.stringMatching(new RegExp(`^\\S+Z\t${requestId}\tINFO\tone\ntwo \\{ a: 1 \\}\n$`)),
      'raw\n',
      `END RequestId: ${requestId}\n`,
      expect.stringMatching(
        /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t/,
      ),
    ]);
    expect(logged[0]).toMatchObject({
      group: '/aws/lambda/talks',
      stream: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    });
  });

  test('are metrics of the function', async () => {
    const { deploy, cloud } = lambda();
    await deploy('fails', 'export const handler = async () => { throw new Error("x"); };');
    await cloud.ports.functions.invoke('fails', {});
    await vi.waitFor(() => expect(cloud.recorded.metrics).not.toHaveLength(0), patience);
    const values = Object.fromEntries(cloud.recorded.metrics.map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ Invocations: 1, Errors: 1, Throttles: 0, ConcurrentExecutions: 1 });
    expect(cloud.recorded.metrics[0]).toMatchObject({
      namespace: 'AWS/Lambda',
      dimensions: { FunctionName: 'fails' },
    });
  });

  test('is a service segment under the caller and a function segment under that one', async () => {
    const { deploy, cloud } = lambda();
    const source = 'export const handler = async () => process.env._X_AMZN_TRACE_ID;';
    await deploy('traced', source, { tracing_config: { mode: 'Active' } });
    const root = '1-5759e988-bd862e3fe1be46a994272793';
    const traceHeader = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`;
    const { payload } = await cloud.ports.functions.invoke('traced', {}, { traceHeader });
    await vi.waitFor(() => expect(cloud.recorded.segments).toHaveLength(2), patience);
    const [service, fn] = cloud.recorded.segments;
    expect(service).toMatchObject({ trace_id: root, parent_id: '53995c3f42cd8ad8', origin: 'AWS::Lambda' });
    expect(fn).toMatchObject({ trace_id: root, parent_id: service?.id, origin: 'AWS::Lambda::Function' });
    expect(payload).toBe(`Root=${root};Parent=${fn?.id};Sampled=1`);
    expect(service).toMatchObject({ http: { response: { status: 200 } } });
    expect(fn?.['subsegments']).toMatchObject([
      { name: 'Initialization' },
      { name: 'Invocation' },
      { name: 'Overhead' },
    ]);
  });

  test('is a throttled service segment alone when too many run', async () => {
    const { deploy, cloud } = lambda();
    const settings = { tracing_config: { mode: 'Active' }, reserved_concurrent_executions: 0 };
    await deploy('refused', 'export const handler = async () => 1;', settings);
    await expect(cloud.ports.functions.invoke('refused', {})).rejects.toThrow('Rate Exceeded');
    expect(cloud.recorded.segments).toMatchObject([
      { origin: 'AWS::Lambda', throttle: true, error: true, http: { response: { status: 429 } } },
    ]);
  });

  test('is one service segment with every attempt when it is asynchronous', async () => {
    const { deploy, cloud } = lambda({ retryDelays: [1] });
    const source = 'export const handler = async () => { throw new Error("no"); };';
    await deploy('again', source, { tracing_config: { mode: 'Active' } });
    await cloud.ports.functions.enqueue('again', {});
    await vi.waitFor(() => expect(cloud.recorded.segments).toHaveLength(6), patience);
    const services = cloud.recorded.segments.filter(({ origin }) => origin === 'AWS::Lambda');
    expect(new Set(services.map(({ id, trace_id }) => `${trace_id} ${id}`)).size).toBe(1);
    expect(services.map(({ subsegments }) => subsegments)).toMatchObject([
      [{ name: 'Dwell Time' }, { name: 'Attempt #1', fault: true }],
      [{ name: 'Attempt #2' }],
      [{ name: 'Attempt #3' }],
    ]);
  });

  test('is nothing in the traces when the caller was not sampled', async () => {
    const { deploy, cloud } = lambda();
    await deploy('untraced', 'export const handler = async () => 1;', { tracing_config: { mode: 'Active' } });
    const traceHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0';
    await cloud.ports.functions.invoke('untraced', {}, { traceHeader });
    await vi.waitFor(() => expect(cloud.recorded.metrics).not.toHaveLength(0), patience);
    expect(cloud.recorded.segments).toEqual([]);
  });
});

test('new code replaces the old, which what runs still ends on, and is all that is kept on disk', async () => {
  const { deploy, cloud } = lambda();
  const slow = (answer: string) =>
    `export const handler = () => new Promise((done) => setTimeout(() => done('${answer}'), 100));`;
  await deploy('changes', slow('old'));
  const running = cloud.ports.functions.invoke('changes', {});
  await deploy('changes', slow('new'));
  expect((await cloud.ports.functions.invoke('changes', {})).payload).toBe('new');
  expect((await running).payload).toBe('old');
  const next = createLambdaFixture({ cloud: { dataDirectory: cloud.dataDirectory } });
  await next.deploy('changes', slow('newest'));
  expect(readdirSync(join(cloud.dataDirectory, 'functions', 'changes'))).toHaveLength(1);
  await next.close();
});

test('JSON logs are one object an entry, errors with their type and stack', async () => {
  const { deploy, cloud, logged } = lambda();
  const source =
    'export const handler = async () => { console.info({ a: 1 }); console.error(new TypeError("no")); };';
  await deploy('json', source, { logging_config: { log_format: 'JSON', log_group: '/mine' } });
  await cloud.ports.functions.invoke('json', {});
  await vi.waitFor(() => expect(logged).toHaveLength(5), patience);
  expect(logged.every(({ group }) => group === '/mine')).toBe(true);
  expect(JSON.parse(logged[1]?.message ?? '')).toMatchObject({ level: 'INFO', message: { a: 1 } });
  expect(JSON.parse(logged[2]?.message ?? '')).toMatchObject({
    level: 'ERROR',
    errorType: 'TypeError',
    errorMessage: 'no',
    stackTrace: expect.any(Array),
  });
});

test('idle workers are ended', async () => {
  const { deploy, cloud } = lambda({
    poolLimits: { maximumWorkers: 2, idleMilliseconds: 30, patienceMilliseconds: 5 },
  });
  await deploy('idle', 'export const handler = async () => process.pid;');
  const { payload: first } = await cloud.ports.functions.invoke('idle', {});
  await vi.waitFor(
    async () => expect((await cloud.ports.functions.invoke('idle', {})).payload).not.toBe(first),
    { ...patience, interval: 200 },
  );
});
