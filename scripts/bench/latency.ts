import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from './api.ts';

/** Milliseconds of every call, in the order in which they were made. */
export interface Latencies {
  /** Commands at once one after the other, while what follows from the earlier ones is still under way. */
  readonly commands: readonly number[];
  /** Commands to a platform that has nothing else to do. */
  readonly commandsAtRest: readonly number[];
  readonly queries: readonly number[];
  /** From sending the command until a query shows what it did. */
  readonly visible: readonly number[];
}

const rules = '/observability/alert-rules';
/** Rules that are changed in turn, so that streams stay as short as real ones. */
const ruleCount = 30;
const warmUp = 30;
const visibilityLimit = 30_000;

/** A rule on a metric that nobody records, so that it never raises an alert while we measure. */
const ruleNamed = (name: string) => ({
  name,
  severity: 'info',
  metric: { namespace: 'Bench', metricName: 'Silence', dimensions: {} },
  statistic: 'Sum',
  period: 60,
  comparison: 'GreaterThanThreshold',
  threshold: 1,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missingData: 'notBreaching',
});

/** Calls the API one call after the other, through front door, authorizer, function and database. */
export async function measureLatencies(api: Api, calls: number, lags: number): Promise<Latencies> {
  const ids: string[] = [];
  for (let index = 0; index < ruleCount; index++) ids.push(await define(api, `Bench ${index}`));
  const idAt = (turn: number) => ids[turn % ids.length] ?? '';

  const commands = await times(calls, (turn) =>
    api('PUT', `${rules}/${idAt(turn)}`, ruleNamed(`Bench ${turn}`)),
  );
  const first = idAt(0);
  await untilListed(api, first);
  const queries = await times(calls, (turn) => api('GET', turn % 2 === 0 ? rules : `${rules}/${first}`));
  for (const id of ids) await remove(api, id);

  const visible: number[] = [];
  const commandsAtRest: number[] = [];
  for (let turn = -5; turn < lags; turn++) {
    const started = performance.now();
    // The list is ordered by name: an early one stands on its first page.
    const id = await define(api, `A bench ${turn}`);
    const answered = performance.now();
    await untilListed(api, id);
    if (turn >= 0) {
      commandsAtRest.push(answered - started);
      visible.push(performance.now() - started);
    }
    await remove(api, id);
    await untilListed(api, id, false);
  }
  return { commands, commandsAtRest, queries, visible };
}

async function times(calls: number, call: (turn: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let turn = -warmUp; turn < calls; turn++) {
    const started = performance.now();
    await call(turn + warmUp);
    if (turn >= 0) taken.push(performance.now() - started);
  }
  return taken;
}

/** Answers the id of the new rule. */
async function define(api: Api, name: string): Promise<string> {
  const { stream } = await api('POST', rules, ruleNamed(name));
  return String(stream).split('/')[1] ?? '';
}

async function remove(api: Api, id: string): Promise<void> {
  await api('DELETE', `${rules}/${id}`);
}

/** Looks at the list again and again, as somebody would who cannot wait, until it shows the rule, or no longer. */
async function untilListed(api: Api, id: string, listed = true): Promise<void> {
  const until = performance.now() + visibilityLimit;
  while (performance.now() < until) {
    const { items } = (await api('GET', `${rules}?limit=100`)) as { items: { alertRuleId: string }[] };
    if (items.some(({ alertRuleId }) => alertRuleId === id) === listed) return;
    await delay(2);
  }
  throw new Error(
    `The alert rule ${id} did not ${listed ? 'show in' : 'leave'} its list within ${visibilityLimit / 1000} s.`,
  );
}
