import { afterAll, beforeAll, expect, it } from 'vitest';
import { aggregate } from '#shared/definition/aggregate.ts';
import { domain } from '#shared/definition/domain.ts';
import { processManager } from '#shared/definition/process-manager.ts';
import { readModelOfProcesses } from '#shared/definition/read-model.ts';
import { processAggregate } from '#shared/processes/process.ts';
import { sales } from './testing/orders.ts';
import { only, type Synthesized, Workbench } from './testing/synthesis.ts';

const deliveryProcess = processAggregate('shipping/delivery-process');
const deliverOrder = processManager({
  process: deliveryProcess,
  follows: aggregate('sales/order', { events: [], initial: {}, evolve: (state) => state }),
  key: () => 'delivery',
  look: async () => undefined,
  next: () => ({ complete: 'Delivered.' }),
  steps: {},
});
const journeys = readModelOfProcesses({ listed: () => ({ list: 'all', order: '' }), project: {} });
const shipping = domain('shipping', {
  aggregates: { deliveryProcess },
  commands: {},
  queries: {},
  readModels: { journeys },
  reactors: { deliverOrder },
});
const bench = new Workbench([sales, shipping]);
let stack: Synthesized;

beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  stack = bench.stack('cdktf.out', 'shipping');
}, 60_000);
afterAll(() => bench.remove());

const patternOf = (rule: string) =>
  JSON.parse(String(only(stack, 'aws_cloudwatch_event_rule', rule)['event_pattern']));

it('wakes a process manager by what it follows and by its own processes, and never by a replay', () => {
  expect(patternOf('deliver-order_rule_rule')).toEqual({
    source: ['skafu.sales', 'skafu.shipping'],
    detail: { stream: { type: ['order', 'delivery-process'] } },
    'replay-name': [{ exists: false }],
  });
});

it('tells a read model of processes of those of every domain, by how their streams are called', () => {
  expect(patternOf('journeys_rule_rule')).toEqual({
    source: [{ prefix: 'skafu.' }],
    detail: { stream: { type: [{ suffix: '-process' }] } },
  });
});
