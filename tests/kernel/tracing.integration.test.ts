import { AsyncResource } from 'node:async_hooks';
import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { command } from '#shared/definition/command.ts';
import { reactor } from '#shared/definition/reactor.ts';
import { type CommitItem, encodeCommit } from '#shared/event-store/commit.ts';
import { handler as relay } from '#shared/functions/relay.ts';
import { integer } from '#shared/messages/schema.ts';
import { eventStore } from '#shared/runtime/clients.ts';
import { serveCommand } from '#shared/runtime/serve-command.ts';
import { serveProjection } from '#shared/runtime/serve-projection.ts';
import { serveReactor } from '#shared/runtime/serve-reactor.ts';
import { traceHeader, tracing } from '#shared/runtime/tracing.ts';
import { Counted, close, count, counter } from '#shared/testing/counter.ts';
import { request } from '#shared/testing/requests.ts';
import { totals } from './models.ts';
import { type KernelPlatform, startKernelPlatform } from './platform.ts';
import { newStream, originOf, record } from './recording.ts';
import { bodyOf, parametersOf } from './requests.ts';

/** The parts of an X-Ray subsegment that these tests read. */
interface Subsegment {
  readonly id: string;
  readonly name: string;
  readonly trace_id?: string;
  readonly parent_id?: string;
  readonly namespace?: string;
  readonly in_progress?: boolean;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly start_time: number;
  readonly end_time?: number;
  readonly fault?: boolean;
  readonly error?: boolean;
  readonly throttle?: boolean;
  readonly http?: unknown;
  readonly cause?: { readonly exceptions: readonly { readonly message: string }[] };
  readonly subsegments?: readonly Subsegment[];
}

const trace = '1-67890abc-0123456789abcdef01234567';
const header = `Root=${trace};Parent=53995c3f42cd8ad8;Sampled=1`;

/** A context that knows nothing of the requests before it, as each invocation of Lambda comes in. */
const elsewhere = new AsyncResource('elsewhere');

let platform: KernelPlatform;
let daemon: Socket;
let sent: Subsegment[] = [];

beforeAll(async () => {
  daemon = createSocket('udp4');
  daemon.on('message', (datagram) => {
    const text = datagram.toString('utf8');
    sent.push(JSON.parse(text.slice(text.indexOf('\n') + 1)) as Subsegment);
  });
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
  platform = await startKernelPlatform();
  // What Lambda gives a function whose tracing is on. The tracer reads it when it is first loaded.
  Object.assign(process.env, {
    TRACING: 'xray',
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    LAMBDA_TASK_ROOT: '/var/task',
    _X_AMZN_TRACE_ID: header,
  });
});
afterAll(async () => {
  await platform.stop();
  await new Promise<void>((resolve) => daemon.close(resolve));
});
beforeEach(() => {
  sent = [];
});

/** Waits until a subsegment of this name was sent whole, on its own or within another. */
async function segment(name: string): Promise<Subsegment> {
  const find = (among: readonly Subsegment[]): Subsegment | undefined => {
    for (const each of among) {
      if (each.name === name && !each.in_progress) return each;
      const inner = find(each.subsegments ?? []);
      if (inner) return inner;
    }
    return undefined;
  };
  return vi.waitFor(() => {
    const found = find(sent);
    if (!found) throw new Error(`No ${name} among ${JSON.stringify(sent)}.`);
    return found;
  }, 10_000);
}

/** An item as Lambda hands over the table's stream: bytes as base64. */
function asRecord(item: CommitItem) {
  const values = Object.entries(item).map(([name, value]) => [
    name,
    value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
  ]);
  return Object.fromEntries(values) as Record<string, { S?: string; N?: string; B?: string }>;
}

test('a command is a subsegment with its stream, and the calls to AWS stand beneath it', async () => {
  const start = command({
    route: 'POST /counters',
    roles: ['operator'],
    input: { by: integer() },
    aggregate: counter,
    decide: count,
  });
  const answer = await serveCommand(start, parametersOf(start.input))(request({ body: '{"by":1}' }));
  expect(answer.statusCode).toBe(201);
  const found = await segment('## command');
  expect(found).toMatchObject({
    trace_id: trace,
    annotations: {
      stream: bodyOf(answer)['stream'],
      correlationId: answer.headers['x-correlation-id'],
    },
  });
  expect(await segment('DynamoDB')).toMatchObject({ namespace: 'aws' });
});

test('a request is a subsegment with its route, what was asked and answered, and the command beneath it', async () => {
  const start = command({
    route: 'POST /counters',
    roles: ['operator'],
    input: { by: integer() },
    aggregate: counter,
    decide: count,
  });
  const asked = request({
    body: '{"by":1}',
    routeKey: 'POST /api/v1/testing/counters/{counterId}',
    rawPath: '/api/v1/testing/counters/7',
  });
  const answer = await serveCommand(start, parametersOf(start.input))(asked);
  const found = await segment('POST /api/v1/testing/counters/:counterId');
  expect(found).toMatchObject({
    trace_id: trace,
    http: {
      request: {
        method: 'POST',
        url: expect.stringMatching(/^https:\/\/.+\/api\/v1\/testing\/counters\/7$/),
      },
      response: { status: 201 },
    },
    annotations: {
      correlationId: answer.headers['x-correlation-id'],
      route: 'POST /api/v1/testing/counters/{counterId}',
      tenant: 'skafu',
      function: 'testing/totals',
      command: 'totals',
    },
  });
  expect((await segment('## command')).parent_id).toBe(found.id);
});

test('what the caller is to mend is an error of the request, not a fault of ours', async () => {
  const start = command({
    route: 'POST /counters/{counterId}',
    roles: ['operator'],
    input: {},
    aggregate: counter,
    decide: close,
  });
  const asked = request({
    routeKey: 'POST /counters/{counterId}',
    pathParameters: { counterId: '01234567-89ab-7def-8123-456789abcdef' },
  });
  expect((await serveCommand(start, parametersOf(start.input))(asked)).statusCode).toBe(404);
  const step = await segment('## command');
  expect(step).toMatchObject({ error: true, annotations: { problem: 'not-found' } });
  expect(step.fault ?? false).toBe(false);
  expect(await segment('POST /counters/:counterId')).toMatchObject({
    error: true,
    http: { response: { status: 404 } },
  });
});

test.each([
  [200, {}],
  [404, { error: true }],
  [429, { error: true, throttle: true }],
  [500, { fault: true }],
  [503, { fault: true }],
])('a request that is answered %i is noted as %o, with who asked', async (status, flags) => {
  const { request: trace } = await tracing();
  const asked = { method: 'GET', url: `https://skafu.example.com/${status}` };
  const answer = { statusCode: status };
  const who = { userAgent: 'curl/8', clientIp: '192.0.2.7' };
  expect(await trace({ route: `GET /${status}`, ...asked, ...who }, {}, async () => answer)).toBe(answer);
  const { error, fault, throttle, http } = await segment(`GET /${status}`);
  expect({ error, fault, throttle }).toEqual({
    error: undefined,
    fault: undefined,
    throttle: undefined,
    ...flags,
  });
  expect(http).toEqual({
    request: { ...asked, user_agent: 'curl/8', client_ip: '192.0.2.7' },
    response: { status },
  });
});

test('what is said after the end of a step is not said of it', async () => {
  const { step, annotate } = await tracing();
  let late = Promise.resolve();
  await step('## quick', {}, async () => {
    annotate({ said: 'within' });
    late = new Promise((resolve) => setImmediate(resolve)).then(() => annotate({ said: 'afterwards' }));
  });
  await late;
  expect((await segment('## quick')).annotations).toEqual({ said: 'within' });
});

test('work is done also where nobody knows to which trace it belongs', async () => {
  const { xrayTracing } = await import('#shared/runtime/xray-tracing.ts');
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  const context = new Tracer().provider.getNamespace();
  const complaints = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  for (const complaint of complaints) complaint.mockReturnValue();
  try {
    await context.runAndReturn(async () => {
      context.set('segment', undefined);
      const { step, request: trace, annotate } = xrayTracing();
      const answer = { statusCode: 500 };
      const asked = { route: 'GET /lost', method: 'GET', url: 'https://skafu.example.com/lost' };
      expect(await step('## lost', { at: 1 }, async () => 7)).toBe(7);
      expect(await trace(asked, {}, async () => answer)).toBe(answer);
      await expect(step('## lost', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(() => annotate({ at: 2 })).not.toThrow();
    });
  } finally {
    for (const complaint of complaints) complaint.mockRestore();
  }
  const { step } = await tracing();
  await step('## known', {}, async () => undefined);
  await segment('## known');
  expect(JSON.stringify(sent)).not.toContain('lost');
});

test('a request that comes in a context of its own is traced like the first', async () => {
  const { step } = await tracing();
  const other = '1-67890abd-0123456789abcdef01234567';
  process.env['_X_AMZN_TRACE_ID'] = `Root=${other};Parent=53995c3f42cd8ad9;Sampled=1`;
  try {
    await elsewhere.runInAsyncScope(() =>
      Promise.all([
        step('## left', {}, () => step('## beneath left', {}, async () => undefined)),
        step('## right', {}, () => step('## beneath right', {}, async () => undefined)),
      ]),
    );
  } finally {
    process.env['_X_AMZN_TRACE_ID'] = header;
  }
  for (const side of ['left', 'right']) {
    const outer = await segment(`## ${side}`);
    expect(outer).toMatchObject({ trace_id: other, parent_id: '53995c3f42cd8ad9' });
    expect((await segment(`## beneath ${side}`)).parent_id).toBe(outer.id);
  }
});

test('the relay tells the trace of the request how long a commit waited and how long the bus took', async () => {
  const stream = newStream();
  const time = Date.now() - 1500;
  const image = encodeCommit(
    { stream, commit: 0, version: 0, hash: new Uint8Array() },
    [Counted({ by: 1 })],
    originOf({ trace: header, time }),
    () => 1,
  ).item;
  await relay({
    Records: [{ eventName: 'INSERT', dynamodb: { SequenceNumber: '1', NewImage: asRecord(image) } }],
  });

  const told = await segment('relay');
  expect(told).toMatchObject({
    trace_id: trace,
    parent_id: '53995c3f42cd8ad8',
    start_time: time / 1000,
    annotations: { correlationId: 'correlation-1', stream: `counter/${stream.id}`, version: 1, events: 1 },
  });
  expect(told.type).toBeUndefined();
  expect(told.subsegments?.map(({ name }) => name)).toEqual(['wait', 'publish']);
  const [wait, published] = told.subsegments ?? [];
  expect(wait?.end_time).toBe(published?.start_time);
  expect(published?.end_time).toBe(told.end_time);
  expect(Number(told.annotations?.['waitMilliseconds'])).toBeGreaterThanOrEqual(1500);
  expect((await segment('## relay')).annotations).toEqual({ records: 1 });
});

test('a commit of a request that was not sampled is relayed without a word', async () => {
  const image = encodeCommit(
    { stream: newStream(), commit: 0, version: 0, hash: new Uint8Array() },
    [Counted({ by: 1 })],
    originOf({ trace: header.replace('Sampled=1', 'Sampled=0') }),
    () => 1,
  ).item;
  await relay({
    Records: [{ eventName: 'INSERT', dynamodb: { SequenceNumber: '1', NewImage: asRecord(image) } }],
  });
  await segment('## relay');
  expect(sent.filter(({ name }) => name === 'relay')).toEqual([]);
});

test('a projection tells its read model, the stream, and how far behind it was', async () => {
  const stream = newStream();
  await record(await eventStore(), stream, [Counted({ by: 1 })], { time: Date.now() - 700 });
  const [event] = (await (await eventStore()).load(stream)).events;
  if (!event) throw new Error('Nothing was recorded.');
  await serveProjection(totals)({ id: 'delivery', detail: event });
  const found = await segment('## projection');
  expect(found.annotations).toMatchObject({
    correlationId: 'correlation-1',
    stream: `counter/${stream.id}`,
    version: 1,
    readModel: 'testing/totals',
    applied: 1,
  });
  expect(Number(found.annotations?.['lagMilliseconds'])).toBeGreaterThanOrEqual(700);
});

test('a reaction tells its reactor and what woke it', async () => {
  const stream = newStream();
  await record(await eventStore(), stream, [Counted({ by: 1 })]);
  const [event] = (await (await eventStore()).load(stream)).events;
  if (!event) throw new Error('Nothing was recorded.');
  const idle = reactor({ follows: counter, react: async () => undefined });
  await serveReactor(idle)({ id: 'delivery', detail: event });
  expect((await segment('## reaction')).annotations).toMatchObject({
    correlationId: 'correlation-1',
    stream: `counter/${stream.id}`,
    reactor: 'testing/totals',
  });
});

test('an error is noted in its subsegment and thrown on', async () => {
  const { step } = await tracing();
  await expect(step('## failing', {}, () => Promise.reject(new Error('the world is down')))).rejects.toThrow(
    'the world is down',
  );
  expect(await segment('## failing')).toMatchObject({
    fault: true,
    cause: { exceptions: [{ message: 'the world is down' }] },
  });
  const noError = step('## failing oddly', {}, () => Promise.reject('just text'));
  await expect(noError).rejects.toBe('just text');
  expect(await segment('## failing oddly')).toMatchObject({
    cause: { exceptions: [{ message: 'just text' }] },
  });
});

test('steps stand beneath the step in which they are taken, and beside it after that', async () => {
  const { step } = await tracing();
  expect(await step('## outer', { depth: 1 }, () => step('## inner', { depth: 2 }, async () => 7))).toBe(7);
  await step('## next', {}, async () => undefined);
  const [outer, inner, next] = [
    await segment('## outer'),
    await segment('## inner'),
    await segment('## next'),
  ];
  expect(inner.annotations).toEqual({ depth: 2 });
  expect(inner.parent_id ?? outer.id).toBe(outer.id);
  expect(next.parent_id).toBe(outer.parent_id);
});

test('the trace of the invocation is handed on as it came', () => {
  expect(traceHeader()).toBe(header);
});
