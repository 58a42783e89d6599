import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { freePort } from '../core/free-port.ts';
import { type LocalCloud, startLocalCloud } from '../index.ts';
import { type Clients, clientsOf } from './case.ts';
import { apiGatewayCases } from './cases/apigateway.ts';
import { appsyncApi, appsyncCases, makeAppsyncApi } from './cases/appsync.ts';
import { cloudwatchCases } from './cases/cloudwatch.ts';
import { cognitoSignInCases } from './cases/cognito-sign-in.ts';
import { cognitoUserCases } from './cases/cognito-users.ts';
import { dynamodbCases } from './cases/dynamodb.ts';
import { eventBridgeCases } from './cases/eventbridge.ts';
import { lambdaCases } from './cases/lambda.ts';
import { logsCases } from './cases/logs.ts';
import { s3Cases } from './cases/s3.ts';
import { sqsCases } from './cases/sqs.ts';
import { httpApiTerraform, makeHttpApi } from './http-api.ts';
import { stepFunctionsCases } from './cases/stepfunctions.ts';
import { differencesOf, nameOf, scoreboardOf } from './scoreboard.ts';

const cases = [
  ...dynamodbCases,
  ...s3Cases,
  ...sqsCases,
  ...eventBridgeCases,
  ...cloudwatchCases,
  ...logsCases,
  ...cognitoUserCases,
  ...cognitoSignInCases,
  ...lambdaCases,
  ...apiGatewayCases,
  ...appsyncCases,
  ...stepFunctionsCases,
];
const hasMoto = spawnSync('moto_server', ['--help']).status === 0;
const bucket = 'conformance';
const statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } };
const role = {
  aws_iam_role: {
    conformance: { name: 'conformance', assume_role_policy: JSON.stringify({ Statement: [trust] }) },
  },
  aws_iam_role_policy: {
    conformance: {
      name: 'all',
      role: '${aws_iam_role.conformance.name}',
      policy: JSON.stringify({ Statement: [statement] }),
    },
  },
};
const readme = join(import.meta.dirname, '../README.md');

const passed = { here: new Set<string>(), reference: hasMoto ? new Set<string>() : undefined };

describe('the local cloud', () => {
  let folder: string;
  let cloud: LocalCloud | undefined;
  let clients: Clients;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    const stack = join(folder, 'stacks', 'conformance');
    mkdirSync(stack, { recursive: true });
    const resource = { aws_s3_bucket: { conformance: { bucket } }, ...httpApiTerraform(stack) };
    writeFileSync(
      join(stack, 'cdk.tf.json'),
      JSON.stringify({ resource, output: { apiId: { value: '${aws_apigatewayv2_api.conformance.id}' } } }),
      join(folder, 'stacks', 'conformance', 'cdk.tf.json'),
      JSON.stringify({
        resource: {
          aws_s3_bucket: { conformance: { bucket } },
          aws_appsync_graphql_api: { conformance: appsyncApi },
        },
        output: { api: { value: '${aws_appsync_graphql_api.conformance.id}' } },
      }),
      JSON.stringify({ resource: { aws_s3_bucket: { conformance: { bucket } }, ...role } }),
    );
    cloud = await startLocalCloud({
      stacksDirectory: join(folder, 'stacks'),
      dataDirectory: join(folder, 'data'),
      awsPort: 0,
      consolePort: 0,
      engine: inject('sharedEngine'),
    });
    const apiId = String(cloud.outputs['conformance']?.['apiId']);
    clients = clientsOf(cloud.endpointUrl, {
      bucket,
      apiId,
      role: 'arn:aws:iam::000000000000:role/conformance',
    });
    clients = clientsOf(cloud.endpointUrl, bucket, String(cloud.outputs['conformance']?.['api']));
  }, 60_000);
  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  test.each(cases.map((each) => [nameOf(each), each] as const))('%s', async (name, each) => {
    await each.run(clients);
    passed.here.add(name);
  });
});

describe.skipIf(!hasMoto)(`moto, for comparison${hasMoto ? '' : ' (skipped: no moto_server)'}`, () => {
  let moto: ChildProcess;
  let reference: string;
  let clients: Clients;

  beforeAll(async () => {
    const port = await freePort();
    moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
    const endpoint = `http://127.0.0.1:${port}`;
    const { s3 } = clientsOf(endpoint, { bucket, role: '', apiId: '' });
    await vi.waitFor(() => s3.send(new CreateBucketCommand({ Bucket: bucket })), {
      timeout: 60_000,
      interval: 500,
    });
    clients = clientsOf(endpoint, { bucket, ...(await makeHttpApi(endpoint)) });
    clients = { ...clients, graphqlApi: await makeAppsyncApi(clients) };
    reference = `http://127.0.0.1:${port}`;
    clients = clientsOf(reference, bucket);
    await vi.waitFor(() => fetch(`${reference}/moto-api/data.json`), { timeout: 60_000, interval: 500 });
  }, 90_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => moto.once('close', resolve));
    moto.kill();
    await ended;
  });

  test('is asked every case', async () => {
    for (const each of cases) {
      await empty(reference, clients);
      // Its failures are what the comparison is about, and settled by what AWS documents.
      await each.run(clients).then(
        () => passed.reference?.add(nameOf(each)),
        () => undefined,
      );
    }
    expect(passed.reference?.size).toBeGreaterThan(cases.length / 2);
  }, 300_000);
});

/** Moto anew for each case: it runs no second execution beside one that stands, and unless it is told to, none at all. */
async function empty(reference: string, { s3 }: Clients): Promise<void> {
  await fetch(`${reference}/moto-api/reset`, { method: 'POST' });
  const body = JSON.stringify({ stepfunctions: { execute_state_machine: true } });
  await fetch(`${reference}/moto-api/config`, { method: 'POST', body });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
}

/** Rows of the table in a text, as far as they speak of the local cloud. */
const rowsHere = (text: string) => [...text.matchAll(/^\|([^|]+\|){4}/gmu)].map(([row]) => row);

/** The README shows the last run with moto; `CONFORMANCE=write` writes it. */
test('the scoreboard stands in the README as it was measured', () => {
  const text = readFileSync(readme, 'utf8');
  const marked = /(<!-- conformance -->\n)([\s\S]*?)(\n<!-- end of conformance -->)/u;
  const board = scoreboardOf(cases, passed);
  if (process.env['CONFORMANCE'] !== 'write')
    expect(rowsHere(marked.exec(text)?.[2] ?? '')).toEqual(rowsHere(board));
  // Versions of moto differ from machine to machine, so only the long run holds the table to this one.
  if (!hasMoto || (process.env['CONFORMANCE'] !== 'write' && process.env['SKAFU_DEEP'] !== '1')) return;
  const content = `${board}\n\nWhere moto differs:\n\n${differencesOf(cases, passed)}`;
  const current = text.replace(
    marked,
    (_, begin: string, _old: string, end: string) => `${begin}\n${content}\n${end}`,
  );
  if (process.env['CONFORMANCE'] === 'write') writeFileSync(readme, current);
  else expect(text).toBe(current);
});
