import { join } from 'node:path';
import { openLevelState } from '../../core/level-state.ts';
import type { Service } from '../../core/service.ts';
import { createTestCloud, testResource } from '../../core/testing.ts';
import { listen } from '../../gateway/gateway.ts';
import { createEventBridge } from '../eventbridge/index.ts';
import { createStepFunctions } from './index.ts';

/**
 * EventBridge and Step Functions on a real endpoint over a data folder: a rule starts an EXPRESS machine that calls a
 * function. Says `url <endpoint>` when it serves and `done <payload>` for each call. Run as
 * `crash-child.ts <folder> <milliseconds each call takes>`, to be killed at any moment.
 */
const [folder = '', callMilliseconds = '0'] = process.argv.slice(2);
const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';

const logger = { info: () => undefined, warn: () => undefined, error: console.error };
const gateway = await listen(0, logger);
const cloud = createTestCloud({
  dataDirectory: folder,
  endpointUrl: gateway.url,
  state: await openLevelState(join(folder, 'state')),
  logger,
});
const services = [await createEventBridge(cloud), await createStepFunctions(cloud)];
cloud.ports.functions = {
  async invoke(_, payload) {
    await new Promise((resolve) => setTimeout(resolve, Number(callMilliseconds)));
    process.stdout.write(`done ${JSON.stringify(payload)}\n`);
    return { payload, requestId: 'r' };
  },
  enqueue: () => Promise.resolve(),
};

async function apply(type: string, desired: Record<string, unknown>): Promise<string> {
  const handler = services.flatMap((service: Service) => service.resources[type] ?? [])[0];
  if (!handler) throw new Error(`No service makes ${type}.`);
  return String((await handler.apply(testResource(type, 'it', desired), undefined))['arn']);
}

const definition = JSON.stringify({
  StartAt: 'Project',
  States: { Project: { Type: 'Task', Resource: functionArn, InputPath: '$.detail', End: true } },
});
const machine = {
  name: 'project',
  type: 'EXPRESS',
  role_arn: 'arn:aws:iam::000000000000:role/r',
  definition,
};
await apply('aws_cloudwatch_event_bus', { name: 'events' });
await apply('aws_cloudwatch_event_rule', {
  name: 'all',
  event_bus_name: 'events',
  event_pattern: '{"source":["test"]}',
});
const arn = await apply('aws_sfn_state_machine', machine);
await apply('aws_cloudwatch_event_target', { rule: 'all', event_bus_name: 'events', target_id: 't', arn });
for (const service of services) {
  await service.start?.();
  await service.resume?.();
}
gateway.open(services, cloud);
process.stdout.write(`url ${gateway.url}\n`);
