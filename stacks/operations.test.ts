import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environments } from './settings.ts';
import { sales } from './testing/orders.ts';
import { named, only, type Synthesized, Workbench } from './testing/synthesis.ts';

const bench = new Workbench([sales]);
let operations: Synthesized;

beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  operations = bench.stack('cdktf.out', 'operations');
}, 60_000);
afterAll(() => bench.remove());

const json = (value: unknown) => JSON.parse(String(value));

function settingsOf(path: string): Record<string, string> {
  const { environment } = only(operations, 'aws_lambda_function', path) as {
    environment: { variables: Record<string, string> };
  };
  return environment.variables;
}

describe('what runs each minute', () => {
  it.each(['catch-up', 'canary'])('is %s', (name) => {
    expect(only(operations, 'aws_cloudwatch_event_rule', `${name}_schedule_rule`)).toMatchObject({
      name: `skafu-local-operations-${name}`,
      schedule_expression: 'rate(1 minute)',
    });
    expect(only(operations, 'aws_cloudwatch_event_target', `${name}_schedule_target`)['arn']).toBe(
      `\${aws_lambda_function.${name}_function_lambda.arn}`,
    );
  });

  it('catches up with every read model', () => {
    expect(json(settingsOf('catch-up_function_lambda')['READ_MODELS'])).toEqual([
      { name: 'sales/open-orders', follows: ['order'], table: 'skafu-local-sales-open-orders' },
    ]);
  });

  it('sends the canary to the distribution', () => {
    expect(settingsOf('canary_function_lambda')['FRONT_DOOR']).toMatch(
      /remote_state\..*-console\.outputs\..*distribution.*domain_name\}$/,
    );
  });
});

describe('alarms', () => {
  it('are two for each read model, one for each other failure queue, and twelve for the platform', () => {
    const names = named(operations, 'aws_cloudwatch_metric_alarm', 'alarm_name').map((name) =>
      String(name).replace('skafu-local-operations-', ''),
    );
    expect(names).toEqual([
      'api-failing',
      'canary-failing',
      'catch-up-failing',
      'catch-up-not-running',
      'errors-reported',
      'functions-throttled',
      'lag-sales-open-orders',
      'queue-operations-catch-up-failures',
      'queue-platform-log-errors-failures',
      'queue-platform-relay-failures',
      'queue-sales-keep-snapshots-failures',
      'queue-sales-notice-alarm-failures',
      'queue-sales-project-open-orders-failures',
      'queue-sales-tell-warehouse-failures',
      'reactions-late',
      'relay-behind',
      'seal-old',
      'store-reads-throttled',
      'store-writes-throttled',
      'streams-held',
      'timers-late',
    ]);
  });

  it('call when a read model has been behind for three minutes of five', () => {
    expect(only(operations, 'aws_cloudwatch_metric_alarm', 'lag-sales-open-orders')).toMatchObject({
      namespace: 'Skafu',
      metric_name: 'ReadModelLag',
      dimensions: { ReadModel: 'sales/open-orders' },
      comparison_operator: 'GreaterThanThreshold',
      threshold: 60,
      datapoints_to_alarm: 3,
      evaluation_periods: 5,
      treat_missing_data: 'notBreaching',
    });
  });

  it('call when the canary failed in two of three minutes, or did not run', () => {
    expect(only(operations, 'aws_cloudwatch_metric_alarm', 'canary-failing')).toMatchObject({
      namespace: 'Skafu',
      metric_name: 'CanarySuccess',
      statistic: 'Minimum',
      comparison_operator: 'LessThanThreshold',
      threshold: 1,
      datapoints_to_alarm: 2,
      evaluation_periods: 3,
      treat_missing_data: 'breaching',
    });
  });

  it('call when catch-up does not run', () => {
    expect(only(operations, 'aws_cloudwatch_metric_alarm', 'catch-up-not-running')).toMatchObject({
      metric_name: 'Invocations',
      statistic: 'Sum',
      treat_missing_data: 'breaching',
    });
  });
});

describe('tracing', () => {
  it.each(environments)('keeps as many traces as %s needs', async (environment) => {
    const kept = {
      local: { reservoir_size: 50, fixed_rate: 1 },
      dev: { reservoir_size: 50, fixed_rate: 1 },
      staging: { reservoir_size: 10, fixed_rate: 0.5 },
      prod: { reservoir_size: 5, fixed_rate: 0.05 },
    };
    await bench.synthesize(`tracing-${environment}`, { environment });
    const rule = only(bench.stack(`tracing-${environment}`, 'operations'), 'aws_xray_sampling_rule');
    expect(rule).toMatchObject({
      ...kept[environment],
      rule_name: `skafu-${environment}`,
      service_name: `skafu-${environment}-*`,
    });
  });
});

describe('dashboards', () => {
  it('are one for each domain and one for the platform', () => {
    expect(named(operations, 'aws_cloudwatch_dashboard', 'dashboard_name')).toEqual([
      'skafu-local-platform',
      'skafu-local-sales',
    ]);
  });

  it.each(['dashboard-sales', 'dashboard-platform'])('place the charts of %s side by side', (path) => {
    const { widgets } = json(only(operations, 'aws_cloudwatch_dashboard', path)['dashboard_body']) as {
      widgets: { x: number; y: number; width: number; height: number }[];
    };
    expect(widgets.length).toBeGreaterThan(10);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
    const corners = widgets.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(corners).size).toBe(corners.length);
  });
});
