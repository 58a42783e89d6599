import { exampleOutputs } from './example-values.ts';
import type { Stack, StackConfiguration } from './stacks.ts';

/** Data sources whose random stand-ins would not pass the provider's own checks of form. */
const mockData = {
  aws_iam_policy_document: { defaults: { json: '{"Version":"2012-10-17","Statement":[]}' } },
  aws_caller_identity: { defaults: { account_id: '000000000000', arn: 'arn:aws:iam::000000000000:root' } },
  aws_partition: { defaults: { partition: 'aws', dns_suffix: 'amazonaws.com' } },
  aws_region: { defaults: { name: 'us-east-1' } },
};

/**
 * A Terraform test that plans one stack with every provider mocked: no account, no network, but all of the provider's
 * own validation. What the stack reads from other stacks is replaced by well-formed examples of their outputs.
 * The object is the content of a `.tftest.json` file.
 */
export function mockPlan(stack: Stack, all: Stack[]): Record<string, unknown> {
  return {
    mock_provider: mockProviders(stack.configuration),
    override_data: overrides(stack, all),
    run: { plan: { command: 'plan' } },
  };
}

function mockProviders(configuration: StackConfiguration): Record<string, unknown[]> {
  const names = Object.keys(configuration.terraform.required_providers ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const data = name === 'aws' ? { mock_data: mockData } : {};
      const blocks = configuration.provider?.[name] ?? [{}];
      return [name, blocks.map(({ alias }) => (alias === undefined ? data : { alias, ...data }))];
    }),
  );
}

function overrides(stack: Stack, all: Stack[]): { target: string; values: unknown }[] {
  const remoteStates = Object.entries(stack.configuration.data?.['terraform_remote_state'] ?? {});
  return remoteStates.map(([name, remote]) => {
    const place = placeOfState(remote['config']);
    const producer = all.find((other) => placeOfState(backendOf(other)) === place);
    if (producer === undefined) {
      throw new Error(`Stack ${stack.name} reads the state ${name}, which no synthesized stack writes.`);
    }
    return {
      target: `data.terraform_remote_state.${name}`,
      values: { outputs: exampleOutputs(producer.configuration) },
    };
  });
}

function backendOf({ configuration }: Stack): unknown {
  return Object.values(configuration.terraform.backend ?? {})[0];
}

/** A consumer's remote state repeats its producer's backend verbatim: the path of a local one, the key of one in S3. */
function placeOfState(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null) return undefined;
  return 'path' in settings ? settings.path : 'key' in settings ? settings.key : undefined;
}
