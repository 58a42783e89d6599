import type { CallCount, TraceCondition, TraceStore } from '../../telemetry/index.ts';
import { type FindGroup, traceCondition } from './filter-sql.ts';
import type { Groups } from './groups.ts';
import { type Input, invalid, positionOf, text, timeRange } from './input.ts';
import { rangeCondition } from './summaries.ts';
import { Tally } from './tally.ts';
import { traceIds } from './traces.ts';

/** A service of the map, or a client: who calls where a trace begins. */
interface Node {
  referenceId: number;
  name: string;
  type: string;
  account: string;
  root: boolean;
  calls: Tally;
  edges: Map<Node, Tally>;
}

/** GetServiceGraph: the services of the traces in a time range, of a group when one is named. */
export async function getServiceGraph(
  store: TraceStore,
  groups: Groups,
  findGroup: FindGroup,
  input: Input,
): Promise<object> {
  const { from, to } = timeRange(input);
  positionOf(input);
  const range = rangeCondition(from, to);
  const group = groups.named(text(input, 'GroupName'), text(input, 'GroupARN'));
  const services = await servicesOf(
    store,
    both(range, group?.FilterExpression ? traceCondition(group.FilterExpression, findGroup) : undefined),
  );
  return { StartTime: from, EndTime: to, Services: services, ContainsOldGroupVersions: false };
}

/** GetTraceGraph: the services of some traces. */
export async function getTraceGraph(store: TraceStore, input: Input): Promise<object> {
  const ids = traceIds(input);
  if (ids.length === 0) throw invalid('TraceIds must not be empty.');
  const text = `t.trace_id IN (${ids.map(() => '?').join(', ')})`;
  return { Services: await servicesOf(store, { text, values: ids }) };
}

function both(one: TraceCondition, other: TraceCondition | undefined): TraceCondition {
  if (!other) return one;
  return { text: `(${one.text}) AND (${other.text})`, values: [...one.values, ...other.values] };
}

async function servicesOf(store: TraceStore, condition: TraceCondition): Promise<object[]> {
  const nodes = new Map<string, Node>();
  const nodeOf = (name: string, type: string): Node => {
    const key = `${type}\n${name}`;
    const known = nodes.get(key);
    if (known) return known;
    const made: Node = {
      ...{ referenceId: nodes.size, name, type, account: '', root: false },
      ...{ calls: new Tally(), edges: new Map() },
    };
    nodes.set(key, made);
    return made;
  };
  for (const count of await store.calls(condition)) {
    const node = nodeOf(count.name, count.type);
    node.calls.add(count);
    node.account ||= count.account;
    node.root ||= count.root;
    const caller = callerOf(count, nodeOf);
    if (!caller) continue;
    const edge = caller.edges.get(node) ?? new Tally();
    caller.edges.set(node, edge);
    edge.add(count);
    if (caller.type === 'client') caller.calls.cover(count);
  }
  return [...nodes.values()].map(written);
}

/** The entry of a trace is called by a client, which X-Ray names as what it calls. */
function callerOf(count: CallCount, nodeOf: (name: string, type: string) => Node): Node | undefined {
  if (count.callerName !== null) return nodeOf(count.callerName, count.callerType ?? '');
  return count.root ? nodeOf(count.name, 'client') : undefined;
}

function written(node: Node): object {
  const { name, type, account, calls } = node;
  const isClient = type === 'client';
  return {
    ReferenceId: node.referenceId,
    Name: name,
    Names: [name],
    ...(node.root ? { Root: true } : {}),
    ...(account === '' ? {} : { AccountId: account }),
    ...(type === '' ? {} : { Type: type }),
    State: isClient ? 'unknown' : 'active',
    ...calls.times(),
    Edges: [...node.edges].map(([callee, tally]) => ({
      ReferenceId: callee.referenceId,
      ...tally.times(),
      SummaryStatistics: tally.statistics(),
      ResponseTimeHistogram: tally.histogram(),
      Aliases: [],
    })),
    ...(isClient
      ? {}
      : {
          SummaryStatistics: calls.statistics(),
          DurationHistogram: calls.histogram(),
          ResponseTimeHistogram: calls.histogram(),
        }),
  };
}
