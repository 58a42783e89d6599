import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { mockPlan } from './mock-plan.ts';
import { readStacks, requiredProviders, type StackConfiguration } from './stacks.ts';

const required_providers = { aws: { source: 'aws', version: '5.100.0' } };

describe('the synthesized stacks', () => {
  let root = '';
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function synthesize(
    stacks: Record<string, { dependencies: string[]; configuration?: Partial<StackConfiguration> }>,
  ) {
    root = mkdtempSync(join(tmpdir(), 'skafu-stacks-'));
    const entries = Object.entries(stacks).map(([name, { dependencies, configuration }]) => {
      const workingDirectory = `stacks/${name}`;
      mkdirSync(join(root, workingDirectory), { recursive: true });
      const content = { terraform: { required_providers }, ...configuration };
      writeFileSync(join(root, workingDirectory, 'cdk.tf.json'), JSON.stringify(content));
      return [name, { name, workingDirectory, dependencies }];
    });
    writeFileSync(join(root, 'manifest.json'), JSON.stringify({ stacks: Object.fromEntries(entries) }));
    return readStacks(root);
  }

  test('come after the stacks whose outputs they read', () => {
    const stacks = synthesize({
      console: { dependencies: ['sales'] },
      platform: { dependencies: [] },
      sales: { dependencies: ['platform'] },
    });
    expect(stacks.map(({ name }) => name)).toEqual(['platform', 'sales', 'console']);
  });

  test('are refused when they depend on each other in a circle', () => {
    const circle = { sales: { dependencies: ['stock'] }, stock: { dependencies: ['sales'] } };
    expect(() => synthesize(circle)).toThrow('sales → stock → sales');
  });

  test('say which providers they need', () => {
    expect([...requiredProviders(synthesize({ platform: { dependencies: [] } }))]).toEqual([
      ['hashicorp/aws', '5.100.0'],
    ]);
  });

  test('are missed with a sentence when nothing was built', () => {
    expect(() => readStacks(join(tmpdir(), 'skafu-never-built'))).toThrow('run the build first');
  });

  test('are planned with every provider mocked and what they read from others replaced', () => {
    const backend = { local: { path: '../platform.tfstate' } };
    const [platform, sales] = synthesize({
      platform: {
        dependencies: [],
        configuration: {
          terraform: { required_providers, backend },
          resource: { aws_sqs_queue: { failed: { name: 'failed' } } },
          output: { queue: { value: '${aws_sqs_queue.failed.arn}' } },
        },
      },
      sales: {
        dependencies: ['platform'],
        configuration: {
          provider: { aws: [{ region: 'eu-west-1' }, { region: 'us-east-1', alias: 'edge' }] },
          data: { terraform_remote_state: { platform: { backend: 'local', config: backend.local } } },
        },
      },
    });
    if (platform === undefined || sales === undefined) throw new Error('Two stacks were written.');
    expect(mockPlan(sales, [platform, sales])).toMatchObject({
      mock_provider: { aws: [{ mock_data: {} }, { alias: 'edge', mock_data: {} }] },
      override_data: [
        {
          target: 'data.terraform_remote_state.platform',
          values: { outputs: { queue: 'arn:aws:sqs:us-east-1:000000000000:failed' } },
        },
      ],
      run: { plan: { command: 'plan' } },
    });
    expect(() => mockPlan(sales, [sales])).toThrow(
      'Stack sales reads the state platform, which no synthesized stack writes.',
    );
  });
});
