import { notSupported } from '../../core/errors.ts';
import type { BillLine, ReadBill } from './bill.ts';
import { absentName, dimensionNames, dimensionOf } from './dimensions.ts';
import { needsResources, readFilter } from './filter.ts';
import { groupBy } from './group-by.ts';
import {
  type Input,
  invalid,
  isObject,
  missing,
  oneOf,
  pageStart,
  pageToken,
  requiredText,
  textList,
} from './input.ts';
import { amountsOf, type MetricName, readMetric } from './metrics.ts';
import {
  DAY,
  granularities,
  periodsOf,
  readPastInterval,
  spelled,
  startOfDay,
  startOfMonth,
} from './periods.ts';

const MOST_GROUPS_OF_PAGE = 5_000;
const RESOURCE_DAYS = 14;

interface Grouping {
  definition: { Type: string; Key: string };
  keyOf(line: BillLine): string;
}

/** GetCostAndUsage; with `resources` also by resource, for the past 14 days, as GetCostAndUsageWithResources. */
export async function getCostAndUsage(
  readBill: ReadBill,
  input: Input,
  now: number,
  { resources = false } = {},
): Promise<object> {
  const granularity = oneOf(input, 'Granularity', granularities);
  if (!granularity) throw missing('Granularity');
  const interval = readPastInterval(input, granularity, now);
  if (resources && interval.from < startOfDay(now) - RESOURCE_DAYS * DAY) {
    throw invalid(`Resource level data is available for the past ${RESOURCE_DAYS} days only`);
  }
  if (resources && !isObject(input['Filter'])) throw missing('Filter');
  const matches = readFilter(input['Filter'], { resources });
  const metrics = readMetrics(input);
  const groupings = readGroupings(input, resources);
  const start = pageStart(input);

  const by = granularity === 'HOURLY' ? 'hour' : 'day';
  const byResource =
    needsResources(input['Filter']) ||
    groupings.some(({ definition: { Type, Key } }) => Type === 'TAG' || Key === 'RESOURCE_ID');
  const lines = (await readBill({ ...interval, by, byResource })).filter(matches);
  const periods = periodsOf(interval, granularity);
  const byPeriod = new Map(periods.map((period) => [period, [] as BillLine[]]));
  let at = 0;
  // Lines and periods are both in order of time, so one pass finds the period of each line.
  for (const line of lines) {
    while ((periods[at]?.to ?? Number.POSITIVE_INFINITY) <= line.time) at += 1;
    const period = periods[at];
    if (period) byPeriod.get(period)?.push(line);
  }

  const results: object[] = [];
  let groupsOfPage = 0;
  let next = start;
  for (; next < periods.length && groupsOfPage < MOST_GROUPS_OF_PAGE; next += 1) {
    const period = periods[next];
    if (!period) break;
    const found = byPeriod.get(period) ?? [];
    const groups = groupings.length > 0 ? groupsOf(found, groupings, metrics) : [];
    groupsOfPage += groups.length;
    results.push({
      TimePeriod: { Start: spelled(period.from, granularity), End: spelled(period.to, granularity) },
      Total: groupings.length > 0 ? {} : amountsOf(found, metrics),
      Groups: groups,
      // A month is final once it is over.
      Estimated: period.to > startOfMonth(now),
    });
  }
  return {
    ...(groupings.length > 0 && { GroupDefinitions: groupings.map(({ definition }) => definition) }),
    ResultsByTime: results,
    DimensionValueAttributes: attributesOf(lines, groupings),
    ...(next < periods.length && { NextPageToken: pageToken(next) }),
  };
}

function readMetrics(input: Input): MetricName[] {
  const given = textList(input, 'Metrics');
  if (given.length === 0) throw missing('Metrics');
  return [...new Set(given.map(readMetric))];
}

function readGroupings(input: Input, resources: boolean): Grouping[] {
  const given = input['GroupBy'] ?? [];
  if (!Array.isArray(given)) throw invalid('GroupBy must be a list.');
  if (given.length > 2) {
    throw invalid(
      "1 validation error detected: Value at 'groupBy' failed to satisfy constraint: Member must have length less than or equal to 2",
    );
  }
  return given.map((each: unknown) => {
    if (!isObject(each)) throw invalid('GroupBy must be a list of structures.');
    const type = oneOf(each, 'Type', ['DIMENSION', 'TAG', 'COST_CATEGORY']) ?? 'DIMENSION';
    const key = requiredText(each, 'Key');
    const definition = { Type: type, Key: key };
    if (type === 'COST_CATEGORY') throw notSupported('Cost Explorer', 'groups by COST_CATEGORY');
    if (type === 'TAG') return { definition, keyOf: ({ tags }) => `${key}$${tags[key] ?? ''}` };
    if (!dimensionNames.includes(key) || (key === 'RESOURCE_ID' && !resources)) {
      throw invalid(`Invalid dimension: ${key}. Valid dimensions are: ${dimensionNames.join(', ')}`);
    }
    return { definition, keyOf: (line) => dimensionOf(key, line) ?? absentName(key) };
  });
}

function groupsOf(lines: BillLine[], groupings: Grouping[], metrics: MetricName[]) {
  const keysOf = (line: BillLine) => groupings.map(({ keyOf }) => keyOf(line));
  const groups = groupBy(lines, (line) => JSON.stringify(keysOf(line)));
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([keys, members]) => ({
      Keys: JSON.parse(keys) as string[],
      Metrics: amountsOf(members, metrics),
    }));
}

/** Cost Explorer explains the keys of one dimension only: an account's number by its name. */
function attributesOf(lines: BillLine[], groupings: Grouping[]): object[] {
  if (!groupings.some(({ definition }) => definition.Key === 'LINKED_ACCOUNT')) return [];
  const accounts = [...new Set(lines.map(({ account }) => account))];
  return accounts.map((account) => ({ Value: account, Attributes: { description: account } }));
}
