import { alignedTable, type Line, numberText } from '../lines.ts';
import type { LocalCloudFigures } from './measure.ts';

const part = 'local cloud';
const atMost = (value: number) => ({ must: 'be at most', value }) as const;
const megabytes = (bytes: number) => bytes / 1e6;

/** Against the bars of the local cloud: ready in 3 s, an invocation 2 ms and a put 1 ms above their floors. */
export function localCloudLinesOf({
  start,
  put,
  invoke,
  routed,
  express,
  memory,
}: LocalCloudFigures): Line[] {
  const over = ({ ours, floor }: { ours: number; floor: number }) =>
    `${numberText(ours)} ms beside ${numberText(floor)} ms`;
  return [
    {
      part,
      what: 'unchanged project: to ready',
      measured: start.ours / 1_000,
      unit: 's',
      bar: atMost(3),
      detail: `${over(start)} of DynamoDB Local alone`,
    },
    {
      part,
      what: 'put: gateway above DynamoDB Local, median',
      measured: put.ours - put.floor,
      unit: 'ms',
      bar: atMost(1),
      detail: over(put),
    },
    {
      part,
      what: 'warm invocation above a bare server in a worker, median',
      measured: invoke.ours - invoke.floor,
      unit: 'ms',
      bar: atMost(2),
      detail: over(invoke),
    },
    {
      part,
      what: `${routed.count} events routed to a queue / sent to it`,
      measured: routed.ours / routed.floor,
      unit: '×',
      detail: over(routed),
    },
    {
      part,
      what: `${express.count} express executions / invocations`,
      measured: express.ours / express.floor,
      unit: '×',
      detail: over(express),
    },
    {
      part,
      what: 'memory at rest, Node',
      measured: megabytes(memory.node),
      unit: 'MB',
      detail: `DynamoDB Local ${numberText(megabytes(memory.engine))} MB`,
    },
  ];
}

/** For the docs: what was measured, beside its floor. */
export function localCloudTableOf({
  start,
  put,
  invoke,
  routed,
  express,
  memory,
}: LocalCloudFigures): string {
  const times = (unit: string, divisor: number, { ours, floor }: { ours: number; floor: number }) => [
    `${numberText(ours / divisor)} ${unit}`,
    `${numberText(floor / divisor)} ${unit}`,
    `${numberText(ours / floor)} ×`,
  ];
  const rows = [
    ['ready on an unchanged project', 'DynamoDB Local alone', ...times('s', 1_000, start)],
    ['DynamoDB put, median', 'the same to DynamoDB Local itself', ...times('ms', 1, put)],
    ['warm invocation, median', 'the same to a bare server in a worker', ...times('ms', 1, invoke)],
    [
      `${routed.count} events routed to a queue`,
      'as many messages sent to a queue',
      ...times('s', 1_000, routed),
    ],
    [`${express.count} express executions`, 'as many calls of their function', ...times('s', 1_000, express)],
    ['memory at rest', 'DynamoDB Local', ...times('MB', 1e6, { ours: memory.node, floor: memory.engine })],
  ];
  return alignedTable(['what', 'floor', 'ours', 'of the floor', 'ratio'], rows);
}
