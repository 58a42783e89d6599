import { build } from 'esbuild';
import { afterEach, expect, test, vi } from 'vitest';
import type { SegmentDocument } from '../../core/telemetry.ts';
import { createXray } from '../xray/index.ts';
import { createLambdaFixture, type LambdaFixture } from './lambda-fixture.ts';

let lambda: LambdaFixture;
afterEach(() => lambda.close());

/** As the documentation of Powertools for AWS Lambda has it. */
const source = `
import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
const logger = new Logger({ serviceName: 'shop', logLevel: 'INFO' });
const tracer = new Tracer({ serviceName: 'shop' });
export const handler = async (event, context) => {
  logger.addContext(context);
  logger.appendKeys({ order: event.order });
  logger.info('taken');
  tracer.annotateColdStart();
  const main = tracer.getSegment();
  const step = main.addNewSubsegment('## counting');
  tracer.setSegment(step);
  tracer.putAnnotation('order', event.order);
  step.close();
  tracer.setSegment(main);
  logger.error('not counted', new RangeError('too many'));
  return { trace: tracer.getRootXrayTraceId() };
};`;

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', write: false },
  });
  return outputFiles[0]?.text ?? '';
}

test('Powertools logs and traces in a function as it stands in its documentation', async () => {
  lambda = createLambdaFixture();
  const { cloud, logged } = lambda;
  const xray = await createXray(cloud);
  await xray.start?.();
  try {
    const settings = { tracing_config: { mode: 'Active' }, timeout: 20, memory_size: 256 };
    const arn = String((await lambda.deploy('shop', await bundled(), settings, 'index.js'))['arn']);
    const { payload, requestId } = await cloud.ports.functions.invoke('shop', { order: '7' });
    await vi.waitFor(() => expect(logged.some(({ message }) => message.includes('REPORT'))).toBe(true));
    const lines = logged
      .filter(({ message }) => message.startsWith('{'))
      .map(({ message }) => JSON.parse(message));
    const common = { service: 'shop', order: '7', cold_start: true, function_request_id: requestId };
    expect(lines).toMatchObject([
      { ...common, level: 'INFO', message: 'taken', function_name: 'shop', function_arn: arn },
      { ...common, level: 'ERROR', error: { name: 'RangeError', message: 'too many' } },
    ]);
    const { trace } = payload as { trace: string };
    expect(lines[0]).toMatchObject({ xray_trace_id: trace });
    const find = (wanted: (segment: SegmentDocument) => boolean) => cloud.recorded.segments.find(wanted);
    await vi.waitFor(() => expect(find(({ name }) => name === '## counting')).toBeDefined(), 10_000);
    const functionSegment = find(({ origin }) => origin === 'AWS::Lambda::Function');
    expect(find(({ name }) => name === '## counting')).toMatchObject({
      ...{ trace_id: trace, parent_id: functionSegment?.id, annotations: { order: '7' } },
    });
  } finally {
    await xray.stop?.();
  }
});
