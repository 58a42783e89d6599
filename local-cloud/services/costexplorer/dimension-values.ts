import type { BillLine, ReadBill } from './bill.ts';
import { dimensionNames, dimensionOf } from './dimensions.ts';
import { needsResources, readFilter } from './filter.ts';
import { groupBy } from './group-by.ts';
import {
  type Input,
  integer,
  isObject,
  missing,
  oneOf,
  optionalText,
  pageStart,
  pageToken,
} from './input.ts';
import { amountIn, exactSum, readMetric } from './metrics.ts';
import { readPastInterval } from './periods.ts';

const MOST_VALUES = 1_000;

/** GetDimensionValues: the values a dimension had in a time, in order of the value or of a metric. */
export async function getDimensionValues(readBill: ReadBill, input: Input, now: number): Promise<object> {
  oneOf(input, 'Context', ['COST_AND_USAGE', 'RESERVATIONS', 'SAVINGS_PLANS']);
  const dimension = oneOf(input, 'Dimension', dimensionNames);
  if (!dimension) throw missing('Dimension');
  const byResource = dimension === 'RESOURCE_ID' || needsResources(input['Filter']);
  const lines = await readLines(readBill, input, now, byResource);
  const values = searched(
    input,
    valuesOf(lines, input, (line) => dimensionOf(dimension, line)),
  );
  const { page, ...counts } = paged(input, values);
  return { DimensionValues: page.map((Value) => ({ Value, Attributes: {} })), ...counts };
}

/** GetTags: the tag keys of a time, or the values of one key. */
export async function getTags(readBill: ReadBill, input: Input, now: number): Promise<object> {
  const key = optionalText(input, 'TagKey');
  const lines = await readLines(readBill, input, now, true);
  const values =
    key === undefined
      ? [...new Set(lines.flatMap(({ tags }) => Object.keys(tags)))].sort()
      : valuesOf(lines, input, ({ tags }) => tags[key] ?? '');
  const { page, ...counts } = paged(input, searched(input, values));
  return { Tags: page, ...counts };
}

/** GetCostCategories: there are none. */
export function getCostCategories(input: Input, now: number): object {
  readPastInterval(input, 'DAILY', now);
  const values = optionalText(input, 'CostCategoryName') === undefined ? {} : { CostCategoryValues: [] };
  return { CostCategoryNames: [], ...values, ReturnSize: 0, TotalSize: 0 };
}

async function readLines(
  readBill: ReadBill,
  input: Input,
  now: number,
  byResource: boolean,
): Promise<BillLine[]> {
  const matches = readFilter(input['Filter']);
  return (await readBill({ ...readPastInterval(input, 'DAILY', now), by: 'day', byResource })).filter(
    matches,
  );
}

function valuesOf(lines: BillLine[], input: Input, of: (line: BillLine) => string | undefined): string[] {
  const known = lines.filter((line) => of(line) !== undefined);
  const groups = [...groupBy(known, (line) => of(line) ?? '')];
  const sorts = Array.isArray(input['SortBy']) ? input['SortBy'] : [];
  const [sort] = sorts as unknown[];
  if (!isObject(sort)) return groups.map(([value]) => value).sort();
  const metric = readMetric(optionalText(sort, 'Key') ?? '');
  const direction = oneOf(sort, 'SortOrder', ['ASCENDING', 'DESCENDING']) === 'ASCENDING' ? 1 : -1;
  const sized = groups.map(([value, members]) => ({
    value,
    size: exactSum(members.map((line) => amountIn(metric, line))),
  }));
  return sized.sort((one, other) => direction * (one.size - other.size)).map(({ value }) => value);
}

function searched(input: Input, values: string[]): string[] {
  const wanted = optionalText(input, 'SearchString')?.toLowerCase();
  return wanted === undefined ? values : values.filter((value) => value.toLowerCase().includes(wanted));
}

function paged(input: Input, values: string[]) {
  const size = integer(input, 'MaxResults', { from: 1, to: MOST_VALUES }) ?? MOST_VALUES;
  const start = pageStart(input);
  const page = values.slice(start, start + size);
  const more = start + size < values.length;
  return {
    page,
    ReturnSize: page.length,
    TotalSize: values.length,
    ...(more && { NextPageToken: pageToken(start + size) }),
  };
}
