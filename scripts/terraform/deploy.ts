import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../command.ts';
import { deployConsole } from '../deploy-console.ts';
import type { Outcome } from '../reporter.ts';
import { findProviders } from './provider.ts';
import { readStacks, requiredProviders } from './stacks.ts';
import { type TerraformCall, terraform, terraformIsInstalled } from './terraform.ts';

export interface Deployment {
  environment: string;
  /** Folder of the synthesized stacks, `cdktf.out`. */
  outputFolder: string;
  /** Folder of the built console. */
  consoleFolder: string;
  stream: boolean;
}

type Outputs = Record<string, { value: unknown }>;

/** Applies every stack after those that it reads, with the caller's AWS credentials, then uploads the console. */
export async function deployStacks({
  environment: name,
  outputFolder,
  consoleFolder,
  stream,
}: Deployment): Promise<Outcome> {
  if (!(await terraformIsInstalled())) {
    return {
      status: 'failed',
      output: 'Deploying needs terraform on the PATH: https://developer.hashicorp.com/terraform/install',
    };
  }
  const stacks = readStacks(outputFolder);
  const workspace = mkdtempSync(join(tmpdir(), 'skafu-deploy-'));
  try {
    const { environment } = findProviders(requiredProviders(stacks), workspace);
    const outputs: Outputs = {};
    for (const stack of stacks) {
      const applied = await apply({ folder: stack.folder, environment, stream });
      if ('output' in applied) return { status: 'failed', output: `${stack.name}: ${applied.output}` };
      Object.assign(outputs, applied.outputs);
    }
    const { written, kept } = await deployConsole({
      bucket: textOf(outputs, 'consoleBucket'),
      directory: consoleFolder,
      config: {
        environment: name,
        region: textOf(outputs, 'region'),
        userPoolId: textOf(outputs, 'userPoolId'),
        userPoolClientId: textOf(outputs, 'userPoolClientId'),
      },
    });
    const address = `https://${textOf(outputs, 'consoleDomain')}`;
    return {
      status: 'ok',
      note: `${stacks.length} stacks, console ${written} written ${kept} kept, ${address}`,
    };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function apply(call: TerraformCall): Promise<{ outputs: Outputs } | { output: string }> {
  const steps = [
    ['init', '-reconfigure', '-no-color'],
    ['apply', '-auto-approve', '-no-color'],
    ['output', '-json'],
  ];
  let last: CommandResult | undefined;
  for (const step of steps) {
    // Outputs may be sensitive, so they are never shown.
    last = await terraform(step, { ...call, stream: call.stream && step[0] !== 'output' });
    if (last.code !== 0) return { output: `terraform ${step[0]}\n${last.output}` };
  }
  return { outputs: JSON.parse(last?.stdout ?? '{}') as Outputs };
}

function textOf(outputs: Outputs, name: string): string {
  const value = outputs[name]?.value;
  if (typeof value === 'string') return value;
  throw new Error(`No stack has the output ${name}, which the console's deployment reads.`);
}
