import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type LocalCloud, startLocalCloud } from '#local-cloud';
import { arnOf, names, writeProject } from '../../local-cloud/testing/project.ts';
import { findProviders } from '../../scripts/terraform/provider.ts';
import { terraform, terraformIsInstalled } from '../../scripts/terraform/terraform.ts';

/** As the stacks of Skafu pin it. */
const provider = { address: 'hashicorp/aws', version: '5.100.0' };
const services = 'cloudwatch cognitoidp dynamodb eventbridge iam lambda logs s3 sfn sqs sts'.split(' ');

/** What is asked for by name, and the attribute that must be what the local cloud made. */
const sources: Readonly<Record<string, { asked: object; attribute: string; expected: unknown }>> = {
  aws_caller_identity: { asked: {}, attribute: 'account_id', expected: '000000000000' },
  aws_dynamodb_table: { asked: { name: names.table }, attribute: 'hash_key', expected: 'id' },
  aws_sqs_queue: { asked: { name: names.direct }, attribute: 'arn', expected: arnOf('sqs', names.direct) },
  aws_s3_bucket: {
    asked: { bucket: names.bucket },
    attribute: 'arn',
    expected: `arn:aws:s3:::${names.bucket}`,
  },
  aws_lambda_function: {
    asked: { function_name: names.function },
    attribute: 'handler',
    expected: 'index.handler',
  },
  aws_iam_role: {
    asked: { name: 'trial-function' },
    attribute: 'arn',
    expected: 'arn:aws:iam::000000000000:role/trial-function',
  },
  aws_sfn_state_machine: {
    asked: { name: names.standard },
    attribute: 'arn',
    expected: arnOf('states', `stateMachine:${names.standard}`),
  },
  aws_cloudwatch_event_bus: {
    asked: { name: names.bus },
    attribute: 'arn',
    expected: arnOf('events', `event-bus/${names.bus}`),
  },
  aws_cloudwatch_log_group: {
    asked: { name: names.logGroup },
    attribute: 'arn',
    expected: arnOf('logs', `log-group:${names.logGroup}`),
  },
  aws_cognito_user_pools: {
    asked: { name: names.userPool },
    attribute: 'ids',
    expected: [expect.any(String)],
  },
};

let folder: string;
let cloud: LocalCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'local-cloud-provider-'));
  cloud = await startLocalCloud({
    stacksDirectory: writeProject(folder),
    dataDirectory: join(folder, 'data'),
    engine: inject('sharedEngine'),
    awsPort: 0,
    consolePort: 0,
  });
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const configuration = () => ({
  terraform: { required_providers: { aws: { source: provider.address, version: provider.version } } },
  provider: {
    aws: {
      region: 'us-east-1',
      ...{ access_key: 'test', secret_key: 'test' },
      ...{ s3_use_path_style: true, skip_metadata_api_check: true },
      endpoints: [Object.fromEntries(services.map((service) => [service, cloud.endpointUrl]))],
    },
  },
  data: Object.fromEntries(Object.entries(sources).map(([type, { asked }]) => [type, { it: asked }])),
  output: Object.fromEntries(
    Object.entries(sources).map(([type, { attribute }]) => [
      type,
      { value: `\${data.${type}.it.${attribute}}` },
    ]),
  ),
});

test('the Terraform provider of AWS reads back what the local cloud made', { timeout: 240_000 }, async ({
  skip,
}) => {
  skip(!process.env['SKAFU_DEEP'], 'a deep test: the provider takes long to load');
  skip(!(await terraformIsInstalled()), 'no terraform on the PATH');
  const workspace = join(folder, 'reader');
  mkdirSync(workspace);
  writeFileSync(join(workspace, 'main.tf.json'), JSON.stringify(configuration()));
  const found = findProviders(new Map([[provider.address, provider.version]]), folder);
  const call = { folder: workspace, environment: found.environment, stream: false };
  const initialized = await terraform(['init', '-no-color'], call);
  skip(initialized.code !== 0 && !found.certain, `no provider: ${found.description} does not answer`);
  expect(initialized.code, initialized.output).toBe(0);
  const applied = await terraform(['apply', '-auto-approve', '-no-color'], call);
  expect(applied.code, applied.output).toBe(0);
  const { stdout } = await terraform(['output', '-json'], call);
  const read = Object.entries(JSON.parse(stdout) as Record<string, { value: unknown }>);
  expect(Object.fromEntries(read.map(([type, { value }]) => [type, value]))).toEqual(
    Object.fromEntries(Object.entries(sources).map(([type, { expected }]) => [type, expected])),
  );
});
