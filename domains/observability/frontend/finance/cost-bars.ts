import type { Cost } from './api.ts';

/** More colors than these cannot be told apart. */
export const mostBars = 8;

export interface CostBar {
  name: string;
  amounts: readonly number[];
}

/** More bars than these leave no room for themselves on a narrow screen. */
const mostPeriods = 31;

/** A bar stands for a period of the answer, or for a week where there are too many days. */
export function barPeriods(cost: Pick<Cost, 'groups' | 'periods'>): Pick<Cost, 'groups' | 'periods'> {
  if (cost.periods.length <= mostPeriods) return cost;
  const week = 7;
  const weeks = Array.from({ length: Math.ceil(cost.periods.length / week) }, (_, index) =>
    cost.periods.slice(index * week, (index + 1) * week),
  );
  return {
    periods: weeks.map((days) => ({
      from: days[0]?.from ?? '',
      to: days.at(-1)?.to ?? '',
      estimated: days.some(({ estimated }) => estimated),
      total: sum(days.map(({ total }) => total)),
    })),
    groups: cost.groups.map((group) => ({
      ...group,
      amounts: weeks.map((_, index) => sum(group.amounts.slice(index * week, (index + 1) * week))),
    })),
  };
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** What is stacked: the dearest groups, and the rest of them as one. */
export function costBars({ groups, periods }: Pick<Cost, 'groups' | 'periods'>): CostBar[] {
  if (groups.length <= mostBars) return groups.map(({ name, amounts }) => ({ name, amounts }));
  const rest = groups.slice(mostBars - 1);
  const amounts = periods.map((_, index) => sum(rest.map((group) => group.amounts[index] ?? 0)));
  return [...groups.slice(0, mostBars - 1), { name: 'Everything else', amounts }];
}

/** Everything that the answer holds, a row for each period and group. */
export function costRows(cost: Cost): (string | number)[][] {
  const rows = cost.periods.flatMap((period, index) =>
    cost.groups.map(({ name, amounts }) => [
      period.from,
      period.to,
      name,
      amounts[index] ?? 0,
      cost.unit,
      period.estimated ? 'yes' : 'no',
    ]),
  );
  return [['From (UTC)', 'To, not counted (UTC)', 'Group', 'Unblended cost', 'Unit', 'Estimated'], ...rows];
}

/** How much more or less than before, as a share of what it was; nothing to compare with has none. */
export function changeOf(now: number, before: number | undefined): number | undefined {
  return before === undefined || Math.abs(before) < 1e-12 ? undefined : (now - before) / Math.abs(before);
}

/** `+12.5 %`, `−3 %`, `0 %`, `more than +1,000 %`. */
export function changeText(change: number): string {
  const percent = change * 100;
  if (percent > 1000) return 'more than +1,000 %';
  const written = percentages.format(Math.abs(percent));
  return written === '0' ? '0 %' : `${percent < 0 ? '−' : '+'}${written} %`;
}

/** `12.5 %`, `under 0.1 %`. */
export function shareText(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (part / whole) * 100;
  return Math.abs(percent) < 0.1 ? 'under 0.1 %' : `${percentages.format(percent)} %`;
}

const percentages = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
