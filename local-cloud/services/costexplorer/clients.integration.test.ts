import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CostExplorerClient,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
  GetCostAndUsageWithResourcesCommand,
  GetCostCategoriesCommand,
  GetCostForecastCommand,
  GetDimensionValuesCommand,
  GetTagsCommand,
  GetUsageForecastCommand,
} from '@aws-sdk/client-cost-explorer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { DAY, startOfDay, startOfMonth } from './periods.ts';
import { functionArn, startCostExplorer, type TestCostExplorer, tableArn } from './testing.ts';

const run = promisify(execFile);
const hasCli = spawnSync('aws', ['--version']).status === 0;
const hasBoto = spawnSync('python3', ['-c', 'import boto3']).status === 0;
const today = startOfDay(Date.now());
const date = (days: number) => new Date(today + days * DAY).toISOString().slice(0, 10);
const past = { Start: date(-10), End: date(1) };
/** What the days from ten days ago to yesterday cost: each 1000 requests and 300 GB-s, and 400 write units. */
const lambdaPerDay = 1_000 * 0.0000002 + 300 * 0.0000133334;
const tablePerDay = 400 * 0.000000625;

let explorer: TestCostExplorer;
let gateway: Gateway;
let client: CostExplorerClient;
beforeAll(async () => {
  explorer = await startCostExplorer();
  for (let day = -10; day < 0; day += 1) {
    const time = today + day * DAY;
    explorer.use({ usageType: 'Request-ARM', quantity: 1_000, time });
    explorer.use({ usageType: 'Lambda-GB-Second-ARM', quantity: 100, time });
    explorer.use({ usageType: 'Lambda-GB-Second-ARM', quantity: 200, time: time + 5 * 3_600_000 });
    explorer.use({
      service: 'Amazon DynamoDB',
      usageType: 'WriteRequestUnits',
      operation: 'PayPerRequestThroughput',
      resource: tableArn,
      quantity: 400,
      time: time + 3_600_000,
    });
  }
  gateway = await listen(0, explorer.cloud.logger);
  gateway.open([explorer.service], explorer.cloud);
  client = new CostExplorerClient({
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

afterAll(async () => {
  client.destroy();
  await gateway.close();
  await explorer.stop();
});

const used = { Not: { Dimensions: { Key: 'SERVICE' as const, Values: ['AWS Cost Explorer'] } } };
const ask = (input: Partial<GetCostAndUsageCommandInput>) =>
  client.send(
    new GetCostAndUsageCommand({
      TimePeriod: past,
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      Filter: used,
      ...input,
    }),
  );

describe('GetCostAndUsage', () => {
  it('tells each day, exactly, in every metric', async () => {
    const {
      ResultsByTime = [],
      GroupDefinitions,
      DimensionValueAttributes,
    } = await ask({
      Metrics: ['UnblendedCost', 'BlendedCost', 'AmortizedCost', 'NetUnblendedCost', 'UsageQuantity'],
    });
    expect(ResultsByTime).toHaveLength(11);
    expect(ResultsByTime[0]).toMatchObject({
      TimePeriod: { Start: date(-10), End: date(-9) },
      Groups: [],
      Estimated: today - 9 * DAY > startOfMonth(today),
    });
    for (const { Total = {} } of ResultsByTime.slice(0, 10)) {
      for (const metric of ['UnblendedCost', 'BlendedCost', 'AmortizedCost', 'NetUnblendedCost']) {
        expect(Number(Total[metric]?.Amount)).toBeCloseTo(lambdaPerDay + tablePerDay, 9);
        expect(Total[metric]?.Unit).toBe('USD');
      }
      expect(Total['UsageQuantity']).toEqual({ Amount: '1700', Unit: 'N/A' });
    }
    expect(ResultsByTime[10]?.Total?.['UnblendedCost']).toEqual({ Amount: '0', Unit: 'USD' });
    expect(GroupDefinitions).toBeUndefined();
    expect(DimensionValueAttributes).toEqual([]);
  });

  it('groups by two dimensions', async () => {
    const { ResultsByTime = [], GroupDefinitions } = await ask({
      GroupBy: [
        { Type: 'DIMENSION', Key: 'SERVICE' },
        { Type: 'DIMENSION', Key: 'USAGE_TYPE' },
      ],
      Metrics: ['UnblendedCost', 'UsageQuantity'],
    });
    expect(GroupDefinitions).toEqual([
      { Type: 'DIMENSION', Key: 'SERVICE' },
      { Type: 'DIMENSION', Key: 'USAGE_TYPE' },
    ]);
    expect(ResultsByTime[0]?.Total).toEqual({});
    expect(ResultsByTime[0]?.Groups).toEqual([
      {
        Keys: ['AWS Lambda', 'Lambda-GB-Second-ARM'],
        Metrics: {
          UnblendedCost: { Amount: '0.00400002', Unit: 'USD' },
          UsageQuantity: { Amount: '300', Unit: 'Lambda-GB-Second' },
        },
      },
      {
        Keys: ['AWS Lambda', 'Request-ARM'],
        Metrics: {
          UnblendedCost: { Amount: '0.0002', Unit: 'USD' },
          UsageQuantity: { Amount: '1000', Unit: 'Requests' },
        },
      },
      {
        Keys: ['Amazon DynamoDB', 'WriteRequestUnits'],
        Metrics: {
          UnblendedCost: { Amount: '0.00025', Unit: 'USD' },
          UsageQuantity: { Amount: '400', Unit: 'WriteRequestUnits' },
        },
      },
    ]);
  });

  it('groups by tags, those without one under an empty value', async () => {
    const { ResultsByTime = [] } = await ask({
      GroupBy: [
        { Type: 'TAG', Key: 'domain' },
        { Type: 'TAG', Key: 'environment' },
      ],
    });
    expect(ResultsByTime[0]?.Groups?.map(({ Keys }) => Keys)).toEqual([
      ['domain$sales', 'environment$test'],
      ['domain$stock', 'environment$'],
    ]);
  });

  it('names the account where it groups by it', async () => {
    const { DimensionValueAttributes } = await ask({
      GroupBy: [
        { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' },
        { Type: 'DIMENSION', Key: 'INSTANCE_TYPE' },
      ],
    });
    expect(DimensionValueAttributes).toEqual([
      { Value: '000000000000', Attributes: { description: '000000000000' } },
    ]);
  });

  it('tells months and hours of the same use', async () => {
    const { ResultsByTime = [] } = await ask({ Granularity: 'MONTHLY' });
    const total = ResultsByTime.reduce((sum, { Total }) => sum + Number(Total?.['UnblendedCost']?.Amount), 0);
    expect(total).toBeCloseTo(10 * (lambdaPerDay + tablePerDay), 9);

    const hours = await ask({
      Granularity: 'HOURLY',
      TimePeriod: { Start: `${date(-1)}T00:00:00Z`, End: `${date(-1)}T06:00:00Z` },
      Filter: { Tags: { Key: 'domain', Values: ['sales'] } },
    });
    expect(hours.ResultsByTime?.map(({ Total }) => Number(Total?.['UnblendedCost']?.Amount))).toEqual([
      0.00153334, 0, 0, 0, 0, 0.00266668,
    ]);
  });

  it('tells resources of the past fourteen days', async () => {
    const { ResultsByTime = [] } = await client.send(
      new GetCostAndUsageWithResourcesCommand({
        TimePeriod: past,
        Granularity: 'DAILY',
        Metrics: ['UnblendedCost'],
        Filter: used,
        GroupBy: [{ Type: 'DIMENSION', Key: 'RESOURCE_ID' }],
      }),
    );
    expect(ResultsByTime[0]?.Groups?.map(({ Keys }) => Keys)).toEqual([[tableArn], [functionArn]]);
  });

  it.each<[string, Partial<GetCostAndUsageCommandInput>, string, string]>([
    [
      'an end before the start',
      { TimePeriod: { Start: date(0), End: date(-1) } },
      'ValidationException',
      'Start date (and hour) should be before end date (and hour)',
    ],
    ['an unknown metric', { Metrics: ['Happiness'] }, 'ValidationException', 'Metric Happiness is not valid'],
    ['no metric', { Metrics: [] }, 'ValidationException', "at 'metrics'"],
    ['a page that was never told', { NextPageToken: 'x' }, 'InvalidNextTokenException', 'Invalid Next Token'],
    [
      'three groups',
      { GroupBy: ['SERVICE', 'REGION', 'OPERATION'].map((Key) => ({ Type: 'DIMENSION', Key })) },
      'ValidationException',
      'less than or equal to 2',
    ],
    [
      'resources without asking for them',
      { GroupBy: [{ Type: 'DIMENSION', Key: 'RESOURCE_ID' }] },
      'ValidationException',
      'Invalid dimension',
    ],
  ])('refuses %s', async (_what, input, name, message) => {
    await expect(ask(input)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it('is itself paid for', async () => {
    await ask({});
    const { ResultsByTime = [] } = await ask({
      TimePeriod: { Start: date(0), End: date(1) },
      Filter: { Dimensions: { Key: 'SERVICE', Values: ['AWS Cost Explorer'] } },
      GroupBy: [{ Type: 'DIMENSION', Key: 'OPERATION' }],
    });
    const [group] = ResultsByTime[0]?.Groups?.filter(({ Keys }) => Keys?.[0] === 'GetCostAndUsage') ?? [];
    expect(Number(group?.Metrics?.['UnblendedCost']?.Amount)).toBeGreaterThanOrEqual(0.01);
  });
});

describe('a forecast', () => {
  const future = { Start: date(0), End: date(7) };

  it('of days that are all alike is what they cost', async () => {
    const answer = await client.send(
      new GetCostForecastCommand({
        TimePeriod: future,
        Metric: 'UNBLENDED_COST',
        Granularity: 'DAILY',
        PredictionIntervalLevel: 80,
        Filter: used,
      }),
    );
    expect(Number(answer.Total?.Amount)).toBeCloseTo(7 * (lambdaPerDay + tablePerDay), 9);
    expect(answer.Total?.Unit).toBe('USD');
    expect(answer.ForecastResultsByTime).toHaveLength(7);
    expect(answer.ForecastResultsByTime?.[0]?.TimePeriod).toEqual({ Start: date(0), End: date(1) });
    const [{ MeanValue, PredictionIntervalLowerBound, PredictionIntervalUpperBound } = {}] =
      answer.ForecastResultsByTime ?? [];
    expect(Number(PredictionIntervalLowerBound)).toBeLessThanOrEqual(Number(MeanValue));
    expect(Number(PredictionIntervalUpperBound)).toBeGreaterThanOrEqual(Number(MeanValue));
  });

  it('of usage needs a usage type', async () => {
    const input = { TimePeriod: future, Metric: 'USAGE_QUANTITY', Granularity: 'MONTHLY' } as const;
    await expect(client.send(new GetUsageForecastCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const answer = await client.send(
      new GetUsageForecastCommand({
        ...input,
        Filter: { Dimensions: { Key: 'USAGE_TYPE', Values: ['WriteRequestUnits'] } },
      }),
    );
    expect(Number(answer.Total?.Amount)).toBeCloseTo(2_800, 6);
    expect(answer.ForecastResultsByTime?.[0]).not.toHaveProperty('PredictionIntervalLowerBound');
  });

  it.each([
    [{ TimePeriod: { Start: date(-1), End: date(3) } }, 'ValidationException'],
    [{ PredictionIntervalLevel: 50 }, 'ValidationException'],
    [{ PredictionIntervalLevel: 100 }, 'ValidationException'],
    [{ Granularity: 'HOURLY' as const }, 'ValidationException'],
    [{ TimePeriod: { Start: date(0), End: date(200) } }, 'ValidationException'],
    [
      { Filter: { Dimensions: { Key: 'SERVICE' as const, Values: ['Amazon Cognito'] } } },
      'DataUnavailableException',
    ],
  ])('with %j is refused', async (input, name) => {
    const command = new GetCostForecastCommand({
      TimePeriod: future,
      Metric: 'UNBLENDED_COST',
      Granularity: 'DAILY',
      ...input,
    });
    await expect(client.send(command)).rejects.toMatchObject({ name });
  });
});

describe('the values of dimensions and tags', () => {
  it('are told in order, page by page', async () => {
    const first = await client.send(
      new GetDimensionValuesCommand({
        TimePeriod: past,
        Dimension: 'USAGE_TYPE',
        Filter: used,
        MaxResults: 2,
      }),
    );
    expect(first).toMatchObject({
      DimensionValues: [{ Value: 'Lambda-GB-Second-ARM', Attributes: {} }, { Value: 'Request-ARM' }],
      ReturnSize: 2,
      TotalSize: 3,
    });
    const second = await client.send(
      new GetDimensionValuesCommand({
        TimePeriod: past,
        Dimension: 'USAGE_TYPE',
        Filter: used,
        MaxResults: 2,
        NextPageToken: first.NextPageToken,
      }),
    );
    expect(second).toMatchObject({ DimensionValues: [{ Value: 'WriteRequestUnits' }], ReturnSize: 1 });
    expect(second.NextPageToken).toBeUndefined();
  });

  it('are searched, and sorted by what they cost', async () => {
    const { DimensionValues } = await client.send(
      new GetDimensionValuesCommand({
        TimePeriod: past,
        Dimension: 'SERVICE',
        SearchString: 'am',
        Filter: used,
        SortBy: [{ Key: 'UnblendedCost', SortOrder: 'DESCENDING' }],
      }),
    );
    expect(DimensionValues?.map(({ Value }) => Value)).toEqual(['AWS Lambda', 'Amazon DynamoDB']);
  });

  it('are keys and values of tags, and no cost categories', async () => {
    const tags = async (TagKey?: string) =>
      (await client.send(new GetTagsCommand({ TimePeriod: past, TagKey, Filter: used }))).Tags;
    expect(await tags()).toEqual(['domain', 'environment']);
    expect(await tags('environment')).toEqual(['', 'test']);
    expect(await client.send(new GetCostCategoriesCommand({ TimePeriod: past }))).toMatchObject({
      CostCategoryNames: [],
      ReturnSize: 0,
      TotalSize: 0,
    });
  });
});

describe.skipIf(!hasCli)('the aws CLI (skipped where it is not installed)', () => {
  const environment = () => ({
    ...process.env,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: 'us-east-1',
  });

  it('reads costs, and is told why not', async () => {
    const aws = async (...command: string[]): Promise<unknown> => {
      const all = ['--endpoint-url', gateway.url, '--output', 'json', 'ce', ...command];
      return JSON.parse((await run('aws', all, { env: environment() })).stdout);
    };
    const period = `Start=${date(-2)},End=${date(0)}`;
    expect(
      await aws(
        ...['get-cost-and-usage', '--time-period', period, '--granularity', 'DAILY'],
        ...['--metrics', 'UnblendedCost', '--group-by', 'Type=DIMENSION,Key=SERVICE'],
      ),
    ).toMatchObject({
      ResultsByTime: [
        { Groups: [{ Keys: ['AWS Lambda'] }, { Keys: ['Amazon DynamoDB'] }] },
        { Groups: [{ Keys: ['AWS Lambda'] }, { Keys: ['Amazon DynamoDB'] }] },
      ],
    });
    await expect(
      aws(
        'get-cost-and-usage',
        '--time-period',
        `Start=${date(0)},End=${date(-2)}`,
        '--granularity',
        'DAILY',
        '--metrics',
        'UnblendedCost',
      ),
    ).rejects.toThrow('(ValidationException) when calling the GetCostAndUsage operation');
  });
});

describe.skipIf(!hasBoto)('boto3 (skipped where it is not installed)', () => {
  it('reads costs and forecasts', async () => {
    const script = `
import boto3, json, sys
ce = boto3.client('ce', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test')
period = {'Start': sys.argv[2], 'End': sys.argv[3]}
usage = ce.get_cost_and_usage(TimePeriod=period, Granularity='MONTHLY', Metrics=['UsageQuantity'],
    Filter={'Dimensions': {'Key': 'USAGE_TYPE', 'Values': ['WriteRequestUnits']}})
total = sum(float(each['Total']['UsageQuantity']['Amount']) for each in usage['ResultsByTime'])
try:
    ce.get_cost_forecast(TimePeriod=period, Granularity='MONTHLY', Metric='UNBLENDED_COST')
except ce.exceptions.ClientError as error:
    print(json.dumps({'total': total, 'code': error.response['Error']['Code']}))
`;
    const { stdout } = await run('python3', ['-c', script, gateway.url, date(-10), date(0)]);
    expect(JSON.parse(stdout)).toEqual({ total: 4_000, code: 'ValidationException' });
  });
});
