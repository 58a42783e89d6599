import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { findDomains } from './find-domains.ts';
import { environments } from './settings.ts';
import { sales } from './testing/orders.ts';
import { Workbench } from './testing/synthesis.ts';

const benches: Workbench[] = [];
afterAll(() => {
  for (const bench of benches) bench.remove();
});

function open(domains = [sales]): Workbench {
  const bench = new Workbench(domains);
  benches.push(bench);
  return bench;
}

describe('synthesis', () => {
  it('gives the same bytes for the same choices, in whatever folder', async () => {
    const bench = open();
    await bench.synthesize('one');
    await bench.synthesize('two');
    await bench.synthesize('two');
    expect(bench.files('one').size).toBeGreaterThan(15);
    expect(bench.files('two')).toEqual(bench.files('one'));
  });

  it.each(environments)('holds no path of this machine in %s', async (environment) => {
    const bench = open();
    await bench.synthesize('out', { environment });
    for (const [path, content] of bench.files('out')) {
      if (path.endsWith('.json'))
        expect(content.toString(), path).not.toMatch(/"(\/(home|root|tmp|work|Users)\/|[A-Z]:\\)/);
      expect(content.includes(bench.folder), path).toBe(false);
      expect(content.includes(process.cwd()), path).toBe(false);
    }
  });

  it('puts every bundle beside the Terraform that names it, with its hash', async () => {
    const bench = open();
    await bench.synthesize('out');
    const files = bench.files('out');
    for (const stack of ['platform', 'sales', 'operations']) {
      for (const lambda of Object.values(bench.stack('out', stack).resource['aws_lambda_function'] ?? {})) {
        const bundle = files.get(`stacks/${stack}/${lambda['filename']}`) ?? '';
        expect(lambda['source_code_hash']).toBe(createHash('sha256').update(bundle).digest('base64'));
      }
    }
  });

  it('forgets the functions and stacks that are no more', async () => {
    const bench = open();
    bench.write('out/stacks/sales/functions/old.zip', 'old');
    bench.write('out/stacks/retired/cdk.tf.json', '{}');
    bench.write('out/stacks/sales/.terraform/kept', 'what init downloaded');
    await bench.synthesize('out');
    const files = [...bench.files('out').keys()];
    expect(files).not.toContain('stacks/sales/functions/old.zip');
    expect(files).not.toContain('stacks/retired/cdk.tf.json');
    expect(files).toContain('stacks/sales/.terraform/kept');
  });

  it('names the function that was not built', async () => {
    await expect(open().synthesize('out', { functionsDirectory: 'nowhere' })).rejects.toThrow(
      'The function platform/relay has no bundle: build the functions first.',
    );
  });

  it('turns every domain of the repository into a stack', async () => {
    const domains = await findDomains();
    expect(domains.map(({ name }) => name)).toContain('observability');
    const bench = open([...domains]);
    await bench.synthesize('out', { environment: 'staging' });
    const { resource } = bench.stack('out', 'observability');
    expect(Object.keys(resource['aws_lambda_function'] ?? {}).length).toBeGreaterThan(10);
  });
});

describe('environments', () => {
  it('keep state on disk where they do not last', async () => {
    const bench = open();
    await bench.synthesize('out', { environment: 'dev' });
    const path = '../../../.terraform-state/dev/sales.tfstate';
    expect(bench.stack('out', 'sales').terraform['backend']).toEqual({ local: { path } });
  });

  it('keep state in S3 with a lock, and guard their data, where they last', async () => {
    const bench = open();
    await bench.synthesize('out', { environment: 'prod', stateBucket: 'our-state', region: 'eu-west-1' });
    expect(bench.stack('out', 'sales').terraform['backend']).toEqual({
      s3: {
        bucket: 'our-state',
        encrypt: true,
        key: 'skafu/prod/sales.tfstate',
        region: 'eu-west-1',
        use_lockfile: true,
      },
    });
    const { resource } = bench.stack('out', 'platform');
    expect(resource['aws_dynamodb_table']?.['event-store_table']).toMatchObject({
      deletion_protection_enabled: true,
    });
    expect(resource['aws_cognito_user_pool']?.['users_pool']).toMatchObject({
      deletion_protection: 'ACTIVE',
    });
  });

  it('tag everything', async () => {
    const bench = open();
    await bench.synthesize('out', { environment: 'dev' });
    expect(bench.stack('out', 'sales').provider['aws']).toEqual([
      {
        region: 'us-east-1',
        default_tags: [{ tags: { application: 'skafu', environment: 'dev', domain: 'sales' } }],
      },
    ]);
  });
});

describe('a manifest is refused', () => {
  it('when two of its parts share a name', async () => {
    const { placeOrder } = sales.commands;
    if (!placeOrder) throw new Error('The test domain has no command placeOrder.');
    const twice = { ...sales, commands: { ...sales.commands, getOrder: placeOrder } };
    await expect(open([twice]).synthesize('out')).rejects.toThrow('two parts called getOrder');
  });

  it('when a query reads a read model that is not its own', async () => {
    const bench = open([{ ...sales, readModels: {} }]);
    await expect(bench.synthesize('out')).rejects.toThrow(
      'getOrder reads openOrders, which is no read model of sales',
    );
  });
});
