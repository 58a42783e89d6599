import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDomains } from './find-domains.ts';
import { environments } from './settings.ts';
import { type Synthesized, Workbench } from './testing/synthesis.ts';

const days = { local: 7, dev: 7, staging: 30, prod: 90 };
let bench: Workbench;
let domains: string[];

beforeAll(async () => {
  const manifests = await findDomains();
  domains = manifests.map(({ name }) => name);
  bench = new Workbench(manifests);
}, 60_000);
afterAll(() => bench.remove());

describe.each(environments)('logs in %s', (environment) => {
  let stacks: [name: string, Synthesized][];

  beforeAll(async () => {
    await bench.synthesize(environment, { environment });
    const names = ['platform', ...domains, 'console', 'operations'];
    stacks = names.map((name) => [name, bench.stack(environment, name)]);
  }, 60_000);

  it('are forgotten after a time, every one', () => {
    for (const [name, { resource }] of stacks) {
      for (const [path, group] of Object.entries(resource['aws_cloudwatch_log_group'] ?? {}))
        expect(group['retention_in_days'], `${name} ${path}`).toBe(days[environment]);
    }
  });

  it('go to groups that are ours: AWS would make others, which keep everything for ever', () => {
    for (const [name, { resource }] of stacks) {
      const groups = resource['aws_cloudwatch_log_group'] ?? {};
      const names = Object.values(groups).map((group) => group['name']);
      const references = Object.keys(groups).map((path) => `\${aws_cloudwatch_log_group.${path}.arn}`);
      for (const { function_name } of Object.values(resource['aws_lambda_function'] ?? {}))
        expect(names, name).toContain(`/aws/lambda/${function_name}`);
      const destinations = [
        ...Object.values(resource['aws_sfn_state_machine'] ?? {}).map(({ logging_configuration: logging }) =>
          (logging as { log_destination: string }).log_destination.replace(/:\*$/, ''),
        ),
        ...Object.values(resource['aws_apigatewayv2_stage'] ?? {}).map(
          ({ access_log_settings: logging }) => (logging as { destination_arn: string }).destination_arn,
        ),
        ...Object.values(resource['aws_wafv2_web_acl_logging_configuration'] ?? {}).flatMap(
          ({ log_destination_configs: logging }) => logging as string[],
        ),
      ];
      for (const destination of destinations) expect(references, name).toContain(destination);
    }
  });
});
