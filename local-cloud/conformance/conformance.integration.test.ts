import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { freePort } from '../core/free-port.ts';
import { type LocalCloud, startLocalCloud } from '../index.ts';
import { type Clients, clientsOf } from './case.ts';
import { apiGatewayCases } from './cases/apigateway.ts';
import { appsyncCases } from './cases/appsync.ts';
import { cloudwatchCases } from './cases/cloudwatch.ts';
import { cognitoSignInCases } from './cases/cognito-sign-in.ts';
import { cognitoUserCases } from './cases/cognito-users.ts';
import { costExplorerCases } from './cases/costexplorer.ts';
import { dynamodbCases } from './cases/dynamodb.ts';
import { eventBridgeCases } from './cases/eventbridge.ts';
import { iamCases } from './cases/iam.ts';
import { lambdaCases } from './cases/lambda.ts';
import { logsCases } from './cases/logs.ts';
import { s3Cases } from './cases/s3.ts';
import { schedulerCases } from './cases/scheduler.ts';
import { secretsManagerCases } from './cases/secretsmanager.ts';
import { sqsCases } from './cases/sqs.ts';
import { ssmCases } from './cases/ssm.ts';
import { stepFunctionsCases } from './cases/stepfunctions.ts';
import { stsCases } from './cases/sts.ts';
import { xrayCases } from './cases/xray.ts';
import { givenHere, giveReference, writeGiven } from './given.ts';
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
  ...ssmCases,
  ...secretsManagerCases,
  ...schedulerCases,
  ...iamCases,
  ...stsCases,
  ...xrayCases,
  ...costExplorerCases,
];
/** The long run, and whoever writes the table, compare with moto where it is installed. */
const compares = process.env['CONFORMANCE'] === 'write' || process.env['SKAFU_DEEP'] === '1';
const hasMoto = compares && spawnSync('moto_server', ['--help']).status === 0;
const readme = join(import.meta.dirname, '../README.md');

const passed = { here: new Set<string>(), reference: hasMoto ? new Set<string>() : undefined };

describe('the local cloud', () => {
  let folder: string;
  let cloud: LocalCloud | undefined;
  let clients: Clients;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    cloud = await startLocalCloud({
      stacksDirectory: writeGiven(folder),
      dataDirectory: join(folder, 'data'),
      awsPort: 0,
      consolePort: 0,
      engine: inject('sharedEngine'),
    });
    clients = clientsOf(cloud.endpointUrl, givenHere(cloud.outputs['conformance']));
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

describe.skipIf(!hasMoto)('moto, for comparison in the long run, where it is installed', () => {
  let moto: ChildProcess;
  let reference: string;

  beforeAll(async () => {
    const port = await freePort();
    moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
    reference = `http://127.0.0.1:${port}`;
    await vi.waitFor(() => fetch(`${reference}/moto-api/data.json`), { timeout: 60_000, interval: 500 });
  }, 90_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => moto.once('close', resolve));
    moto.kill();
    await ended;
  });

  test('is asked every case', async () => {
    let clients: Clients | undefined;
    let service = '';
    for (const each of cases) {
      // What one service's cases leave is not for the next one's, and executions not for each other.
      if (each.service !== service || service === 'Step Functions') {
        service = each.service;
        clients = await giveReference(reference, service);
      }
      // Its failures are what the comparison is about, and settled by what AWS documents.
      await each.run(clients as Clients).then(
        () => passed.reference?.add(nameOf(each)),
        () => undefined,
      );
    }
    expect(passed.reference?.size).toBeGreaterThan(cases.length / 2);
  }, 300_000);
});

/** Rows of the table in a text, as far as they speak of the local cloud. */
const rowsHere = (text: string) => [...text.matchAll(/^\|([^|]+\|){4}/gmu)].map(([row]) => row);

/** The README shows the last run with moto; `CONFORMANCE=write` writes it. */
test('the scoreboard stands in the README as it was measured', () => {
  const text = readFileSync(readme, 'utf8');
  const marked = /(<!-- conformance -->\n)([\s\S]*?)(\n<!-- end of conformance -->)/u;
  const board = scoreboardOf(cases, passed);
  if (process.env['CONFORMANCE'] !== 'write')
    expect(rowsHere(marked.exec(text)?.[2] ?? '')).toEqual(rowsHere(board));
  if (!hasMoto) return;
  const content = `${board}\n\nWhere moto differs:\n\n${differencesOf(cases, passed)}`;
  const current = text.replace(
    marked,
    (_, begin: string, _old: string, end: string) => `${begin}\n${content}\n${end}`,
  );
  if (process.env['CONFORMANCE'] === 'write') writeFileSync(readme, current);
  else expect(text).toBe(current);
});
