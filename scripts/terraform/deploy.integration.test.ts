import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bucketServer, type StoredObject } from '../testing/bucket-server.ts';
import { deployStacks } from './deploy.ts';
import { terraformIsInstalled } from './terraform.ts';

const objects = new Map<string, StoredObject>();
const server = bucketServer(objects);
let root = '';

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'skafu-deploy-test-'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});

afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  rmSync(root, { recursive: true, force: true });
});

function writeStack(name: string, output: Record<string, string>, extra: Record<string, unknown> = {}): void {
  mkdirSync(join(root, 'out', 'stacks', name), { recursive: true });
  const values = Object.fromEntries(Object.entries(output).map(([key, value]) => [key, { value }]));
  const configuration = {
    terraform: { backend: { local: { path: `../../../state/${name}.tfstate` } } },
    output: values,
    ...extra,
  };
  writeFileSync(join(root, 'out', 'stacks', name, 'cdk.tf.json'), JSON.stringify(configuration));
}

/** Stacks without resources need no provider, and are otherwise applied as every stack is. */
test('a deployment applies each stack after those it reads, then uploads the console with their outputs', async ({
  skip,
}) => {
  skip(!(await terraformIsInstalled()), 'no terraform on the PATH');
  const platform = { backend: 'local', config: { path: '../../../state/platform.tfstate' } };
  writeStack('platform', { region: 'us-east-1', userPoolId: 'pool', userPoolClientId: 'client' });
  writeStack(
    'console',
    {
      consoleBucket: 'console',
      consoleDomain: '${data.terraform_remote_state.platform.outputs.userPoolId}.example',
    },
    { data: { terraform_remote_state: { platform } } },
  );
  const entry = (name: string, dependencies: string[]) => ({
    name,
    workingDirectory: `stacks/${name}`,
    dependencies,
  });
  const stacks = { console: entry('console', ['platform']), platform: entry('platform', []) };
  writeFileSync(join(root, 'out', 'manifest.json'), JSON.stringify({ stacks }));
  mkdirSync(join(root, 'dist'));
  writeFileSync(join(root, 'dist', 'index.html'), '<!doctype html>');

  const deployment = {
    environment: 'dev',
    outputFolder: join(root, 'out'),
    consoleFolder: join(root, 'dist'),
    stream: false,
  };
  const outcome = await deployStacks(deployment);

  expect(outcome).toEqual({ status: 'ok', note: '2 stacks, console 2 written 0 kept, https://pool.example' });
  expect(JSON.parse(objects.get('config.json')?.body ?? '')).toEqual({
    environment: 'dev',
    region: 'us-east-1',
    userPoolId: 'pool',
    userPoolClientId: 'client',
  });
});
