import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { command } from '#shared/definition/command.ts';
import { integer } from '#shared/messages/schema.ts';
import { serveCommand } from '#shared/runtime/serve-command.ts';
import { traceHeader, tracing } from '#shared/runtime/tracing.ts';
import { count, counter } from '#shared/testing/counter.ts';
import { request } from '#shared/testing/requests.ts';
import { type KernelPlatform, startKernelPlatform } from './platform.ts';
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
  readonly fault?: boolean;
  readonly cause?: { readonly exceptions: readonly { readonly message: string }[] };
  readonly subsegments?: readonly Subsegment[];
}

const trace = '1-67890abc-0123456789abcdef01234567';
const header = `Root=${trace};Parent=53995c3f42cd8ad8;Sampled=1`;

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
