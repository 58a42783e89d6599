import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { validateStacks } from './validate.ts';

/** Small stacks as CDKTF writes them, for the real terraform; where that or its provider is absent, skipped. */
describe('validating stacks', () => {
  let root = '';
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function validateStack(resource: unknown, extra: Record<string, unknown> = {}) {
    root = mkdtempSync(join(tmpdir(), 'skafu-validate-test-'));
    const folder = join(root, 'stacks', 'platform');
    mkdirSync(folder, { recursive: true });
    const configuration = {
      terraform: {
        required_providers: { aws: { source: 'aws', version: '5.100.0' } },
        backend: { local: { path: 'platform.tfstate' } },
      },
      provider: { aws: [{ region: 'us-east-1' }] },
      resource,
      ...extra,
    };
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(configuration));
    const stacks = { platform: { name: 'platform', workingDirectory: 'stacks/platform', dependencies: [] } };
    writeFileSync(join(root, 'manifest.json'), JSON.stringify({ stacks }));
    return validateStacks(root);
  }

  test('passes a sound stack and leaves its folder as it was', async ({ skip }) => {
    const outcome = await validateStack({ aws_sqs_queue: { failed: { name: 'failed' } } });
    skip(outcome.status === 'skipped', outcome.status === 'skipped' ? outcome.reason : '');
    expect(outcome).toEqual({ status: 'ok', note: '1 stacks, 1 resources, planned with mocks' });
    expect(readdirSync(join(root, 'stacks', 'platform'))).toEqual(['cdk.tf.json']);
  });

  test('fails an argument that does not exist, by name', async ({ skip }) => {
    const outcome = await validateStack({ aws_sqs_queue: { failed: { title: 'failed' } } });
    skip(outcome.status === 'skipped', outcome.status === 'skipped' ? outcome.reason : '');
    expect(outcome).toMatchObject({ status: 'failed', output: expect.stringContaining('"title"') });
  });

  test('fails an output that is read but that no stack writes', async ({ skip }) => {
    const outcome = await validateStack(
      { aws_sqs_queue: { failed: { name: '${data.terraform_remote_state.platform.outputs.missing}' } } },
      {
        data: {
          terraform_remote_state: { platform: { backend: 'local', config: { path: 'platform.tfstate' } } },
        },
      },
    );
    skip(outcome.status === 'skipped', outcome.status === 'skipped' ? outcome.reason : '');
    expect(outcome).toMatchObject({ status: 'failed', output: expect.stringContaining('"missing"') });
  });

  test('fails a warning', async ({ skip }) => {
    const outcome = await validateStack({ aws_s3_bucket: { data: { bucket: 'data', acl: 'private' } } });
    skip(outcome.status === 'skipped', outcome.status === 'skipped' ? outcome.reason : '');
    expect(outcome).toMatchObject({ status: 'failed', output: expect.stringContaining('warning: ') });
  });
});
