import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Attributes, Service } from '../../core/service.ts';
import { createTestCloud, type TestCloud, testResource } from '../../core/testing.ts';
import { type Gateway, listen } from '../../gateway/gateway.ts';
import { createIam } from '../iam/index.ts';
import { createLambda } from '../lambda/index.ts';
import { createSecretsManager } from './index.ts';

/** A rotation function as people write it, with AWS's own client, on a cloud that enforces who may do what. */
const rotation = `
import * as aws from '@aws-sdk/client-secrets-manager';
const client = new aws.SecretsManagerClient({});
export async function handler({ Step, SecretId, ClientRequestToken }) {
  const { VersionIdsToStages: stages } = await client.send(new aws.DescribeSecretCommand({ SecretId }));
  if (!stages[ClientRequestToken]?.includes('AWSPENDING')) throw new Error('There is no pending version.');
  if (Step === 'createSecret') {
    const { RandomPassword } = await client.send(new aws.GetRandomPasswordCommand({ ExcludePunctuation: true }));
    const SecretString = JSON.stringify({ password: RandomPassword });
    await client.send(new aws.PutSecretValueCommand({
      SecretId, ClientRequestToken, SecretString, VersionStages: ['AWSPENDING'],
    }));
  }
  if (Step === 'testSecret') {
    await client.send(new aws.GetSecretValueCommand({ SecretId, VersionStage: 'AWSPENDING' }));
  }
  if (Step === 'finishSecret') {
    const current = Object.keys(stages).find((id) => stages[id].includes('AWSCURRENT'));
    await client.send(new aws.UpdateSecretVersionStageCommand({
      SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current,
    }));
  }
}`;

let folder: string;
let gateway: Gateway;
let cloud: TestCloud;
let services: Service[];
let client: SecretsManagerClient;

const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
  new SecretsManagerClient({ endpoint: gateway.url, region: 'us-east-1', credentials, maxAttempts: 1 });

async function apply(type: string, name: string, desired: Attributes): Promise<Attributes> {
  const handler = services.flatMap((service) => service.resources[type] ?? [])[0];
  if (!handler) throw new Error(`No service makes ${type}.`);
  return handler.apply(testResource(type, name, desired, folder), undefined);
}

const trust = (Service: string) =>
  JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } } });

async function role(name: string, actions: string[]): Promise<string> {
  const assume_role_policy = trust('lambda.amazonaws.com');
  const { arn } = await apply('aws_iam_role', name, { name, assume_role_policy });
  const policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });
  await apply('aws_iam_role_policy', name, { name, role: name, policy });
  return String(arn);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rotation-'));
  gateway = await listen(0, { info: () => undefined, warn: () => undefined, error: console.error });
  cloud = createTestCloud({
    endpointUrl: gateway.url,
    ports: { logs: { write: () => undefined } },
  });
  services = [await createIam(cloud), await createLambda(cloud), await createSecretsManager(cloud)];
  gateway.open(services, cloud);
  for (const service of services) await service.start?.();
  for (const service of services) await service.resume?.();
  client = clientOf({ accessKeyId: 'test', secretAccessKey: 'test' });
});
afterAll(async () => {
  for (const service of services.toReversed()) await service.stop?.();
  await gateway.close();
  cloud.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('a function rotates a secret with AWS’s client, once it lets Secrets Manager invoke it', async () => {
  const bundled = await build({
    stdin: { contents: rotation, resolveDir: import.meta.dirname },
    ...{ bundle: true, write: false, format: 'cjs', platform: 'node', minify: true },
  });
  const code = bundled.outputFiles[0]?.contents ?? new Uint8Array();
  writeFileSync(join(folder, 'rotate.zip'), zipSync({ 'index.js': code }, { level: 0 }));
  const { arn } = await apply('aws_lambda_function', 'rotate', {
    ...{ function_name: 'rotate', filename: 'rotate.zip', handler: 'index.handler', runtime: 'nodejs22.x' },
    ...{ role: await role('rotate', ['secretsmanager:*']), timeout: 30 },
  });
  const { ARN: SecretId } = await client.send(
    new CreateSecretCommand({ Name: 'database', SecretString: '{"password":"old"}' }),
  );
  const rotate = () => client.send(new RotateSecretCommand({ SecretId, RotationLambdaARN: String(arn) }));
  await expect(rotate()).rejects.toThrow(/Ensure that the function policy grants access/u);
  await apply('aws_lambda_permission', 'rotate', {
    ...{ function_name: 'rotate', action: 'lambda:InvokeFunction', statement_id: 'rotate' },
    ...{ principal: 'secretsmanager.amazonaws.com', source_arn: SecretId },
  });
  const { VersionId } = await rotate();
  await vi.waitFor(
    async () => {
      const value = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(value.VersionId).toBe(VersionId);
      expect(value.SecretString).toMatch(/^\{"password":"\w{32}"\}$/u);
    },
    { timeout: 30_000, interval: 50 },
  );
});

test('a secret is read by whoever its own policy names', async () => {
  const { ARN: SecretId } = await client.send(
    new CreateSecretCommand({ Name: 'shared', SecretString: 'told' }),
  );
  const reader = await role('reader', ['sqs:SendMessage']);
  const asReader = clientOf(cloud.ports.access.assume(reader, 'session'));
  const read = () => asReader.send(new GetSecretValueCommand({ SecretId: 'shared' }));
  await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  const statement = {
    ...{ Effect: 'Allow', Principal: { AWS: reader }, Action: 'secretsmanager:GetSecretValue' },
    ...{ Resource: '*', Condition: { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } } },
  };
  const ResourcePolicy = JSON.stringify({ Statement: [statement] });
  await client.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
  expect((await read()).SecretString).toBe('told');
});
