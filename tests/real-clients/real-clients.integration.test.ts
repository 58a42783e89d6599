import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe } from 'vitest';
import { openAwsCli } from './clients/aws-cli.ts';
import { openBoto3 } from './clients/boto3.ts';
import type { AwsClient } from './clients/client.ts';
import { openJavaScriptSdk } from './clients/javascript.ts';
import { type ClientName, type ClientsCloud, startClientsCloud } from './cloud.ts';
import type { Stage } from './scenario.ts';
import { eventScenario } from './scenarios/events.ts';
import { logScenario } from './scenarios/logs.ts';
import { metricExactness } from './scenarios/metric-exactness.ts';
import { metricScenario } from './scenarios/metrics.ts';
import { queueScenario } from './scenarios/queues.ts';
import { tableScenario } from './scenarios/tables.ts';
import { traceScenario } from './scenarios/traces.ts';

const hasPackage = (name: string) => spawnSync('python3', ['-c', `import ${name}`]).status === 0;

const players: { name: ClientName; open(endpoint: string): AwsClient; missing?: string | undefined }[] = [
  { name: 'javascript', open: openJavaScriptSdk },
  { name: 'boto3', open: openBoto3, missing: hasPackage('boto3') ? undefined : 'boto3 is not installed' },
  {
    name: 'aws-cli',
    open: openAwsCli,
    missing: hasPackage('awscli') ? undefined : 'the aws command line, version 1, is not installed',
  },
];

let cloud: ClientsCloud;

beforeAll(async () => {
  cloud = await startClientsCloud();
});
afterAll(async () => {
  await cloud?.stop();
});

for (const { name, open, missing } of players) {
  describe.skipIf(missing)(missing ? `${name} (skipped: ${missing})` : name, () => {
    let client: AwsClient;
    beforeAll(() => {
      client = open(cloud.endpoint);
    });
    afterAll(async () => {
      await client.close();
    });
    const stage: Stage = {
      name,
      get client() {
        return client;
      },
    };
    metricScenario(stage);
    metricExactness(stage);
    logScenario(stage);
    traceScenario(stage);
    tableScenario(stage);
    queueScenario(stage);
    eventScenario(stage);
  });
}
