import {
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
  GetCostForecastCommand,
  GetDimensionValuesCommand,
  GetTagsCommand,
} from '@aws-sdk/client-cost-explorer';
import { expect } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'Cost Explorer';
const reference = 'https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/';
const DAY = 86_400_000;

/** A date so many days from today, as Cost Explorer writes it. */
const date = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

const ask = ({ costs }: Clients, input: Partial<GetCostAndUsageCommandInput> = {}) =>
  costs.send(
    new GetCostAndUsageCommand({
      TimePeriod: { Start: date(-3), End: date(0) },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      ...input,
    }),
  );

/** Cost Explorer's requests are themselves paid for, so whoever has asked once is somebody with costs. */
export const costExplorerCases: Case[] = [
  {
    service,
    name: 'each day of a time has its costs, whose end is left out',
    operations: ['GetCostAndUsage'],
    settled: `${reference}API_GetCostAndUsage.html`,
    async run(clients) {
      const { ResultsByTime = [] } = await ask(clients);
      expect(ResultsByTime.map(({ TimePeriod }) => TimePeriod)).toEqual([
        { Start: date(-3), End: date(-2) },
        { Start: date(-2), End: date(-1) },
        { Start: date(-1), End: date(0) },
      ]);
      for (const { Total } of ResultsByTime) {
        expect(Total?.['UnblendedCost']).toMatchObject({ Amount: expect.any(String), Unit: 'USD' });
      }
    },
  },
  {
    service,
    name: 'costs that are grouped have no total, and say by what',
    operations: ['GetCostAndUsage'],
    settled: `${reference}API_GetCostAndUsage.html`,
    async run(clients) {
      const GroupBy = [{ Type: 'DIMENSION' as const, Key: 'SERVICE' }];
      const { ResultsByTime = [], GroupDefinitions } = await ask(clients, { GroupBy });
      expect(GroupDefinitions).toEqual(GroupBy);
      expect(ResultsByTime).toHaveLength(3);
      for (const { Total, Groups } of ResultsByTime) {
        expect(Total).toEqual({});
        expect(Groups).toBeInstanceOf(Array);
      }
    },
  },
  {
    service,
    name: 'a filter of a service leaves the others out',
    operations: ['GetCostAndUsage'],
    settled: `${reference}API_Expression.html`,
    async run(clients) {
      const { ResultsByTime = [] } = await ask(clients, {
        Filter: { Dimensions: { Key: 'SERVICE', Values: ['A service that nobody has'] } },
        Metrics: ['UnblendedCost', 'UsageQuantity'],
      });
      expect(ResultsByTime).toHaveLength(3);
      for (const { Total } of ResultsByTime) expect(Number(Total?.['UnblendedCost']?.Amount)).toBe(0);
    },
  },
  {
    service,
    name: 'a time that ends before it begins is refused',
    operations: ['GetCostAndUsage'],
    settled: `${reference}API_DateInterval.html`,
    async run(clients) {
      const TimePeriod = { Start: date(0), End: date(-3) };
      expect(await refusalOf(ask(clients, { TimePeriod }))).toBe('ValidationException');
    },
  },
  {
    service,
    name: 'more than two groups are refused',
    operations: ['GetCostAndUsage'],
    settled: `${reference}API_GetCostAndUsage.html`,
    async run(clients) {
      const GroupBy = ['SERVICE', 'USAGE_TYPE', 'OPERATION'].map((Key) => ({
        Type: 'DIMENSION' as const,
        Key,
      }));
      expect(await refusalOf(ask(clients, { GroupBy }))).toBe('ValidationException');
    },
  },
  {
    service,
    name: 'a forecast of what has passed is refused',
    operations: ['GetCostForecast'],
    settled: `${reference}API_GetCostForecast.html`,
    async run({ costs }) {
      const forecast = costs.send(
        new GetCostForecastCommand({
          TimePeriod: { Start: date(-20), End: date(-10) },
          Metric: 'UNBLENDED_COST',
          Granularity: 'DAILY',
        }),
      );
      expect(await refusalOf(forecast)).toBe('ValidationException');
    },
  },
  {
    service,
    name: 'the values of a dimension are told with how many there are',
    operations: ['GetDimensionValues'],
    settled: `${reference}API_GetDimensionValues.html`,
    async run({ costs }) {
      const { DimensionValues, ReturnSize, TotalSize } = await costs.send(
        new GetDimensionValuesCommand({
          TimePeriod: { Start: date(-30), End: date(1) },
          Dimension: 'SERVICE',
        }),
      );
      expect(DimensionValues).toHaveLength(ReturnSize ?? -1);
      expect(TotalSize).toBe(ReturnSize);
    },
  },
  {
    service,
    name: 'the keys of tags are told with how many there are',
    operations: ['GetTags'],
    settled: `${reference}API_GetTags.html`,
    async run({ costs }) {
      const { Tags, ReturnSize } = await costs.send(
        new GetTagsCommand({ TimePeriod: { Start: date(-30), End: date(1) } }),
      );
      expect(Tags).toHaveLength(ReturnSize ?? -1);
    },
  },
];
