import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sales } from '../testing/orders.ts';
import { only, Workbench } from '../testing/synthesis.ts';

interface Widget {
  type: string;
  properties: { markdown?: string; title?: string; metrics?: unknown[][] };
}

const bench = new Workbench([sales]);
let widgets: Record<'sales' | 'platform', Widget[]>;

beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  const operations = bench.stack('cdktf.out', 'operations');
  const widgetsOf = (name: string): Widget[] =>
    JSON.parse(String(only(operations, 'aws_cloudwatch_dashboard', `dashboard-${name}`)['dashboard_body']))
      .widgets;
  widgets = { sales: widgetsOf('sales'), platform: widgetsOf('platform') };
});
afterAll(() => bench.remove());

const headings = (of: Widget[]) => of.flatMap(({ properties }) => properties.markdown ?? []);
const metrics = (of: Widget[]) => of.flatMap(({ properties }) => properties.metrics ?? []);

describe("a domain's dashboard", () => {
  it('follows the parts of its manifest', () => {
    expect(headings(widgets.sales)).toEqual([
      '## Commands',
      '## Queries',
      '## Projections',
      '## Reactions',
      '## Given up',
    ]);
  });

  it('draws what every function of the domain does', () => {
    for (const name of ['place-order', 'cancel-order', 'get-order', 'tell-warehouse', 'notice-alarm']) {
      for (const metric of ['Invocations', 'Errors', 'Duration']) {
        expect(metrics(widgets.sales)).toContainEqual([
          'AWS/Lambda',
          metric,
          'FunctionName',
          `skafu-local-sales-${name}`,
          { label: name },
        ]);
      }
    }
  });

  it('draws lag, failed executions and failure queues of its projections', () => {
    const drawn = metrics(widgets.sales);
    expect(drawn).toContainEqual([
      'Skafu',
      'ReadModelLag',
      'ReadModel',
      'sales/open-orders',
      { label: 'open-orders' },
    ]);
    expect(drawn.find(([, metric]) => metric === 'ExecutionsFailed')?.[3]).toMatch(
      /:stateMachine:skafu-local-sales-project-open-orders$/,
    );
    expect(drawn.map((line) => line[3])).toContain('skafu-local-sales-project-open-orders-failures');
  });
});

describe("the platform's dashboard", () => {
  it('goes from the visitor inwards', () => {
    expect(headings(widgets.platform)).toEqual([
      '## What visitors meet',
      '## API',
      '## From commit to bus',
      '## Relay, catch-up and canary',
      '## Given up',
    ]);
  });

  it.each([
    ['Skafu', 'CanarySuccess'],
    ['AWS/CloudFront', '5xxErrorRate'],
    ['AWS/WAFV2', 'BlockedRequests'],
    ['AWS/ApiGateway', '4xx'],
    ['AWS/ApiGateway', '5xx'],
    ['AWS/ApiGateway', 'Latency'],
    ['AWS/Lambda', 'IteratorAge'],
    ['AWS/DynamoDB', 'WriteThrottleEvents'],
    ['AWS/Events', 'MatchedEvents'],
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible'],
  ])('draws %s %s', (namespace, metric) => {
    expect(metrics(widgets.platform).map((line) => line.slice(0, 2))).toContainEqual([namespace, metric]);
  });

  it('reads what CloudFront and its firewall count in us-east-1', () => {
    const atTheEdge = metrics(widgets.platform).filter(([namespace]) =>
      /CloudFront|WAFV2/.test(String(namespace)),
    );
    expect(atTheEdge.length).toBeGreaterThan(4);
    for (const line of atTheEdge) expect(line.at(-1)).toMatchObject({ region: 'us-east-1' });
  });
});
