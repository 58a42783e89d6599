import { metricNamespace } from '#shared/runtime/metrics.ts';
import { managedRules } from '../constructs/firewall-rules.ts';
import { resourceName } from '../names.ts';
import type { SkafuStack } from '../skafu-stack.ts';
import { functionCharts, ofFunction, queueChart } from './lines.ts';
import type { Chart, Row } from './widgets.ts';

interface Platform {
  stack: SkafuStack;
  apiId: string;
  distributionId: string;
  /** Name of the firewall's metrics. */
  firewall: string;
  functions: { catchUp: string; canary: string };
  queues: readonly string[];
}

/** CloudFront and its firewall count in us-east-1, whichever region the installation has. */
const edge = 'us-east-1';

/** What all domains stand on, from the visitor inwards. */
export function platformDashboard(platform: Platform): Row[] {
  const { stack, apiId, distributionId, firewall, functions, queues } = platform;
  const relay = {
    functionName: resourceName(stack.settings.environment, 'platform', 'relay'),
    label: 'relay',
  };
  const { eventStoreTable, errorsBus } = stack.platform;
  return [
    {
      heading: 'What visitors meet',
      charts: [...canaryCharts, ...frontDoorCharts(distributionId, firewall)],
    },
    { heading: 'API', charts: apiCharts(apiId) },
    {
      heading: 'From commit to bus',
      charts: [
        {
          title: 'Age of commits that the relay reads',
          statistic: 'Maximum',
          unit: 'milliseconds',
          lines: [ofFunction('IteratorAge', relay)],
        },
        ...storeCharts(eventStoreTable),
      ],
    },
    {
      heading: 'Relay, catch-up and canary',
      charts: functionCharts([
        relay,
        { functionName: functions.catchUp, label: 'catch-up' },
        { functionName: functions.canary, label: 'canary' },
      ]),
    },
    {
      heading: 'Given up',
      charts: [
        {
          title: 'Unexpected failures',
          statistic: 'Sum',
          unit: 'per minute',
          lines: [
            {
              namespace: 'AWS/Events',
              metric: 'MatchedEvents',
              dimensions: {
                EventBusName: errorsBus,
                RuleName: resourceName(stack.settings.environment, 'platform', 'log-errors'),
              },
              label: 'reported on the errors bus',
            },
          ],
        },
        queueChart(queues),
      ],
    },
  ];
}

const canaryCharts: Chart[] = [
  {
    title: 'Canary',
    statistic: 'Minimum',
    unit: '1 is well',
    lines: [{ namespace: metricNamespace, metric: 'CanarySuccess', dimensions: {}, label: 'all checks' }],
  },
  {
    title: 'Latency of the checks',
    statistic: 'Average',
    unit: 'milliseconds',
    lines: [{ search: `SEARCH('{${metricNamespace},Check} MetricName="CanaryLatency"', 'Average', 60)` }],
  },
];

function frontDoorCharts(distributionId: string, firewall: string): Chart[] {
  const ofDistribution = (metric: string, label: string) => ({
    namespace: 'AWS/CloudFront',
    metric,
    dimensions: { Region: 'Global', DistributionId: distributionId },
    label,
    region: edge,
  });
  return [
    {
      title: 'Refused or failed at the front door',
      statistic: 'Average',
      unit: 'per cent',
      lines: [ofDistribution('4xxErrorRate', '4xx'), ofDistribution('5xxErrorRate', '5xx')],
    },
    {
      title: 'Blocked by the firewall',
      statistic: 'Sum',
      unit: 'per minute',
      lines: ['rate', ...managedRules.map(({ metric }) => metric)].map((rule) => ({
        namespace: 'AWS/WAFV2',
        metric: 'BlockedRequests',
        dimensions: { WebACL: firewall, Rule: rule },
        label: rule,
        region: edge,
      })),
    },
  ];
}

function apiCharts(apiId: string): Chart[] {
  const ofApi = (metric: string) => ({
    namespace: 'AWS/ApiGateway',
    metric,
    dimensions: { ApiId: apiId },
  });
  return [
    {
      title: 'Requests',
      statistic: 'Sum',
      unit: 'per minute',
      lines: [{ ...ofApi('Count'), label: 'requests' }],
    },
    {
      title: 'Refused and failed',
      statistic: 'Sum',
      unit: 'per minute',
      lines: [ofApi('4xx'), ofApi('5xx')],
    },
    {
      title: 'Latency',
      statistic: 'p95',
      unit: 'milliseconds',
      lines: (['p50', 'p95', 'p99'] as const).map((statistic) => ({
        ...ofApi('Latency'),
        statistic,
        label: statistic,
      })),
    },
  ];
}

function storeCharts(table: string): Chart[] {
  const ofStore = (metric: string, label: string) => ({
    namespace: 'AWS/DynamoDB',
    metric,
    dimensions: { TableName: table },
    label,
  });
  return [
    {
      title: 'Capacity of the event store',
      statistic: 'Sum',
      unit: 'units per minute',
      lines: [ofStore('ConsumedReadCapacityUnits', 'read'), ofStore('ConsumedWriteCapacityUnits', 'write')],
    },
    {
      title: 'Throttled requests of the event store',
      statistic: 'Sum',
      unit: 'per minute',
      lines: [ofStore('ReadThrottleEvents', 'read'), ofStore('WriteThrottleEvents', 'write')],
    },
  ];
}
