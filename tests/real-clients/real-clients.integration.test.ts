import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe } from 'vitest';
import { openAwsCli } from './clients/aws-cli.ts';
import { openBoto3 } from './clients/boto3.ts';
import type { AwsClient } from './clients/client.ts';
import { openJavaScriptSdk } from './clients/javascript.ts';
import { type ClientName, type ClientsCloud, startClientsCloud } from './cloud.ts';
import type { BareStage, Stage } from './scenario.ts';
import { eventScenario } from './scenarios/events.ts';
import { logScenario } from './scenarios/logs.ts';
import { metricExactness } from './scenarios/metric-exactness.ts';
import { metricScenario } from './scenarios/metrics.ts';
import { queueScenario } from './scenarios/queues.ts';
import { tableScenario } from './scenarios/tables.ts';
import { traceScenario } from './scenarios/traces.ts';
import { wireScenario } from './scenarios/wire.ts';

const hasPackage = (name: string) => spawnSync('python3', ['-c', `import ${name}`]).status === 0;

const noBoto3 = hasPackage('boto3') ? undefined : 'boto3 is not installed';

const players: { name: ClientName; open(endpoint: string): AwsClient; missing?: string | undefined }[] = [
  { name: 'javascript', open: openJavaScriptSdk },
  { name: 'boto3', open: openBoto3, missing: noBoto3 },
  {
    name: 'aws-cli',
    open: openAwsCli,
    missing: hasPackage('awscli') ? undefined : 'the aws command line, version 1, is not installed',
  },
];

/** Other ways in which clients ask CloudWatch; boto3 speaks JSON to it, and the JavaScript SDK CBOR. */
const protocols = ['query', 'smithy-rpc-v2-cbor'] as const;

let cloud: ClientsCloud;

beforeAll(async () => {
  cloud = await startClientsCloud();
});
afterAll(async () => {
  await cloud?.stop();
});

/** Opens a client for the tests of a `describe`, and closes it after them. */
function stageOf<Name extends string>(name: Name, open: (endpoint: string) => AwsClient) {
  let client: AwsClient;
  beforeAll(() => {
    client = open(cloud.endpoint);
  });
  afterAll(async () => {
    await client.close();
  });
  return {
    name,
    get client() {
      return client;
    },
  } satisfies BareStage;
}

const titleOf = (name: string, missing: string | undefined) =>
  missing ? `${name} (skipped: ${missing})` : name;

for (const { name, open, missing } of players) {
  describe.skipIf(missing)(titleOf(name, missing), () => {
    const stage: Stage = stageOf(name, open);
    metricScenario(stage);
    metricExactness(stage);
    logScenario(stage);
    traceScenario(stage);
    tableScenario(stage);
    queueScenario(stage);
    eventScenario(stage);
  });
}

for (const protocol of protocols) {
  describe.skipIf(noBoto3)(titleOf(`boto3 in ${protocol}`, noBoto3), () => {
    const stage = stageOf(`boto3-${protocol}`, (endpoint) => openBoto3(endpoint, protocol));
    metricScenario(stage);
    metricExactness(stage);
  });
}

wireScenario(() => cloud.endpoint);
