/**
 * On-demand prices of us-east-1 (CloudFront: United States edge locations) as the public pages
 * https://aws.amazon.com/<service>/pricing/ tell them, in US dollars before tax. A free tier is not subtracted.
 */
export const priceList = {
  /** The day as of which these prices hold; a newer page is a new date here. */
  asOf: '2025-11-01',
  region: 'us-east-1',
  currency: 'USD',
} as const;

/** What one unit costs, up to a quantity per month; the last tier has no end. */
export interface Tier {
  upTo: number;
  price: number;
}

export interface Price {
  service: string;
  usageType: string;
  /** As the bill names the unit. */
  unit: string;
  tiers: Tier[];
  /** `global` for what is not of a region. */
  region?: string;
}

const MILLION = 1_000_000;
const BILLION = 1_000_000_000;
const TERABYTE = 1_024;

const flat = (price: number): Tier[] => [{ upTo: Number.POSITIVE_INFINITY, price }];
const tiers = (...steps: [upTo: number, price: number][]): Tier[] =>
  steps.map(([upTo, price]) => ({ upTo, price }));
const BEYOND = Number.POSITIVE_INFINITY;

function of(service: string, prices: [usageType: string, unit: string, tiers: Tier[]][]): Price[] {
  return prices.map(([usageType, unit, steps]) => ({ service, usageType, unit, tiers: steps }));
}

export const prices: Price[] = [
  // aws.amazon.com/lambda/pricing
  ...of('AWS Lambda', [
    ['Request', 'Requests', flat(0.2 / MILLION)],
    ['Request-ARM', 'Requests', flat(0.2 / MILLION)],
    [
      'Lambda-GB-Second',
      'Lambda-GB-Second',
      tiers([6 * BILLION, 0.0000166667], [15 * BILLION, 0.000015], [BEYOND, 0.0000133334]),
    ],
    [
      'Lambda-GB-Second-ARM',
      'Lambda-GB-Second',
      tiers([7.5 * BILLION, 0.0000133334], [18.75 * BILLION, 0.0000120001], [BEYOND, 0.0000106667]),
    ],
  ]),
  // aws.amazon.com/dynamodb/pricing/on-demand
  ...of('Amazon DynamoDB', [
    ['WriteRequestUnits', 'WriteRequestUnits', flat(0.625 / MILLION)],
    ['ReadRequestUnits', 'ReadRequestUnits', flat(0.125 / MILLION)],
    ['TimedStorage-ByteHrs', 'GB-Mo', flat(0.25)],
    ['Streams-Requests', 'Requests', flat(0.02 / 100_000)],
  ]),
  // aws.amazon.com/eventbridge/pricing; the bill still names EventBridge by its first name.
  ...of('CloudWatch Events', [
    ['USE1-Event-64K-Chunks', 'Events', flat(1 / MILLION)],
    ['USE1-ScheduledInvocation', 'Invocations', flat(1 / MILLION)],
  ]),
  // aws.amazon.com/step-functions/pricing
  ...of('AWS Step Functions', [
    ['USE1-StateTransition', 'StateTransitions', flat(0.025 / 1_000)],
    ['USE1-StepFunctions-Request', 'Requests', flat(1 / MILLION)],
    [
      'USE1-StepFunctions-GB-Second',
      'GB-Seconds',
      tiers([3_600_000, 0.00001667], [18_000_000, 0.00000833], [BEYOND, 0.00000456]),
    ],
  ]),
  // aws.amazon.com/api-gateway/pricing, HTTP APIs
  ...of('Amazon API Gateway', [
    ['USE1-ApiGatewayHttpRequest', 'Requests', tiers([300 * MILLION, 1 / MILLION], [BEYOND, 0.9 / MILLION])],
  ]),
  // aws.amazon.com/cloudfront/pricing, pay as you go
  ...of('Amazon CloudFront', [
    ['US-Requests-Tier2-HTTPS', 'Requests', flat(0.01 / 10_000)],
    [
      'US-DataTransfer-Out-Bytes',
      'GB',
      tiers(
        [10 * TERABYTE, 0.085],
        [50 * TERABYTE, 0.08],
        [150 * TERABYTE, 0.06],
        [500 * TERABYTE, 0.04],
        [1_024 * TERABYTE, 0.03],
        [5_120 * TERABYTE, 0.025],
        [BEYOND, 0.02],
      ),
    ],
  ]).map((price) => ({ ...price, region: 'global' })),
  // aws.amazon.com/s3/pricing, S3 Standard
  ...of('Amazon Simple Storage Service', [
    ['Requests-Tier1', 'Requests', flat(0.005 / 1_000)],
    ['Requests-Tier2', 'Requests', flat(0.0004 / 1_000)],
    [
      'TimedStorage-ByteHrs',
      'GB-Mo',
      tiers([50 * TERABYTE, 0.023], [500 * TERABYTE, 0.022], [BEYOND, 0.021]),
    ],
  ]),
  // aws.amazon.com/sqs/pricing, standard queues
  ...of('Amazon Simple Queue Service', [
    [
      'Requests-RBP',
      'Requests',
      tiers([100 * BILLION, 0.4 / MILLION], [200 * BILLION, 0.3 / MILLION], [BEYOND, 0.24 / MILLION]),
    ],
  ]),
  // aws.amazon.com/cloudwatch/pricing
  ...of('AmazonCloudWatch', [
    [
      'CW:MetricMonitorUsage',
      'Metrics',
      tiers([10_000, 0.3], [250_000, 0.1], [MILLION, 0.05], [BEYOND, 0.02]),
    ],
    ['CW:AlarmMonitorUsage', 'Alarms', flat(0.1)],
    ['CW:CompositeAlarmMonitorUsage', 'Alarms', flat(0.5)],
    ['CW:Requests', 'Requests', flat(0.01 / 1_000)],
    ['CW:GMD-Metrics', 'Metrics', flat(0.01 / 1_000)],
    ['DataProcessing-Bytes', 'GB', flat(0.5)],
    ['TimedStorage-ByteHrs', 'GB-Mo', flat(0.03)],
    ['DataScanned-Bytes', 'GB', flat(0.005)],
  ]),
  // aws.amazon.com/xray/pricing
  ...of('AWS X-Ray', [
    ['USE1-XRay-TracesStored', 'Traces', flat(5 / MILLION)],
    ['USE1-XRay-TracesAccessed', 'Traces', flat(0.5 / MILLION)],
  ]),
  // aws.amazon.com/appsync/pricing
  ...of('AWS AppSync', [
    ['USE1-GraphQLInvocation', 'Operations', flat(4 / MILLION)],
    ['USE1-RealTimeUpdates', 'Updates', flat(2 / MILLION)],
    ['USE1-ConnectionMinutes', 'Minutes', flat(0.08 / MILLION)],
  ]),
  // aws.amazon.com/cognito/pricing
  ...of('Amazon Cognito', [
    [
      'USE1-CognitoUserPoolsMAU',
      'User',
      tiers([100_000, 0.0055], [MILLION, 0.0046], [10 * MILLION, 0.00325], [BEYOND, 0.0025]),
    ],
    ['USE1-CognitoEssentialsMAU', 'User', flat(0.015)],
    ['USE1-CognitoPlusMAU', 'User', flat(0.02)],
  ]),
  // aws.amazon.com/systems-manager/pricing, Parameter Store; standard parameters are free.
  ...of('AWS Systems Manager', [
    ['USE1-PS-Advanced-Param-Tier1', 'Parameters', flat(0.05)],
    ['USE1-PS-Param-Processed-Tier2', 'API Interactions', flat(0.05 / 10_000)],
  ]),
  // aws.amazon.com/secrets-manager/pricing
  ...of('AWS Secrets Manager', [
    ['USE1-AWSSecretsManager-Secrets', 'Secrets', flat(0.4)],
    ['USE1-AWSSecretsManagerAPIRequest', 'API Requests', flat(0.05 / 10_000)],
  ]),
  // aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing
  ...of('AWS Cost Explorer', [['USE1-APIRequest', 'Requests', flat(0.01)]]),
];
