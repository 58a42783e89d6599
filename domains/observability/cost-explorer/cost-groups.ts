import type { Group, ResultByTime } from '@aws-sdk/client-cost-explorer';
import { amountOf, periodOf } from './client.ts';
import type { CostRange } from './cost-range.ts';

/** More groups than these are told as one, so that a year of usage types stays an answer and not a download. */
export const mostGroups = 50;

/** What AWS may still change, since a day's use arrives over days. */
export interface CostPeriod {
  readonly from: string;
  readonly to: string;
  readonly estimated: boolean;
  readonly total: number;
}

/** One group, with an amount for each period; `previousTotal` is of the period of equal length before. */
export interface CostGroup {
  readonly name: string;
  readonly amounts: readonly number[];
  readonly total: number;
  readonly previousTotal?: number;
}

/** The bill of a range, cut by time and by group, the dearest group first. */
export interface Bill {
  readonly unit: string;
  readonly periods: readonly CostPeriod[];
  readonly groups: readonly CostGroup[];
  /** How many groups beyond the dearest stand together in the last one. */
  readonly groupsTogether: number;
  readonly total: number;
  readonly previousTotal?: number;
  readonly estimated: boolean;
}

/** Cuts the answer pages of Cost Explorer, which begin at `previousFrom`, into the range and what was before. */
export function billOf(results: readonly ResultByTime[], { from, previousFrom }: CostRange): Bill {
  const compared = previousFrom !== undefined;
  const periods = new Map<string, { to: string; estimated: boolean; amounts: Map<string, number> }>();
  const previous = new Map<string, number>();
  let unit = 'USD';
  for (const { TimePeriod, Groups = [], Estimated = false } of results) {
    const { from: start, to } = periodOf(TimePeriod);
    const inRange = start >= from;
    // A period whose groups came on two pages is told twice.
    const period = periods.get(start) ?? { to, estimated: Estimated, amounts: new Map() };
    if (inRange) periods.set(start, period);
    const amounts = inRange ? period.amounts : previous;
    for (const group of Groups) {
      const metric = group.Metrics?.['UnblendedCost'];
      unit = metric?.Unit ?? unit;
      add(amounts, nameOf(group), amountOf(metric));
    }
  }

  const inOrder = [...periods].sort(([left], [right]) => (left < right ? -1 : 1));
  const names = new Set([...previous.keys(), ...inOrder.flatMap(([, { amounts }]) => [...amounts.keys()])]);
  const groups = [...names]
    .map((name) => {
      const amounts = inOrder.map(([, period]) => period.amounts.get(name) ?? 0);
      const before = compared ? { previousTotal: previous.get(name) ?? 0 } : {};
      return { name, amounts, total: sum(amounts), ...before };
    })
    .filter(({ total, previousTotal = 0 }) => total !== 0 || previousTotal !== 0)
    .sort((left, right) => right.total - left.total || left.name.localeCompare(right.name));
  return {
    unit,
    periods: inOrder.map(([start, { to, estimated, amounts }]) => ({
      from: start,
      to,
      estimated,
      total: sum([...amounts.values()]),
    })),
    groups: [...groups.slice(0, mostGroups), ...together(groups.slice(mostGroups), inOrder.length)],
    groupsTogether: Math.max(0, groups.length - mostGroups),
    total: sum(groups.map(({ total }) => total)),
    ...(compared ? { previousTotal: sum([...previous.values()]) } : {}),
    estimated: inOrder.some(([, { estimated }]) => estimated),
  };
}

function together(groups: readonly CostGroup[], periods: number): CostGroup[] {
  if (groups.length === 0) return [];
  const amounts = Array.from({ length: periods }, (_, index) =>
    sum(groups.flatMap(({ amounts: own }) => own.slice(index, index + 1))),
  );
  const previous = groups.flatMap(({ previousTotal }) => previousTotal ?? []);
  const before = previous.length > 0 ? { previousTotal: sum(previous) } : {};
  return [{ name: `${groups.length} others`, amounts, total: sum(amounts), ...before }];
}

/** A tag comes as `key$value`; without a value the resource does not bear it. */
function nameOf({ Keys = [] }: Group): string {
  const key = Keys[0] ?? '';
  const tag = /^([^$]*)\$(.*)$/.exec(key);
  if (tag) return tag[2] || `without the tag ${tag[1]}`;
  return key === 'NoRegion' || key === '' ? 'no region' : key;
}

function add(amounts: Map<string, number>, name: string, amount: number): void {
  amounts.set(name, (amounts.get(name) ?? 0) + amount);
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
