import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { CommandResult } from '../command.ts';
import type { Outcome } from '../reporter.ts';
import { mockPlan } from './mock-plan.ts';
import { findProviders } from './provider.ts';
import { countResources, readStacks, requiredProviders, type Stack } from './stacks.ts';
import { readDiagnostics, type TerraformCall, terraform, terraformIsInstalled } from './terraform.ts';

/**
 * Validates every synthesized stack, then plans it against a mocked provider; a warning fails as an error does. Works on
 * copies, so that `outputFolder` stays as the build left it. Without terraform or its providers the answer is skipped.
 */
export async function validateStacks(
  outputFolder: string,
  options: { stream?: boolean } = {},
): Promise<Outcome> {
  if (!(await terraformIsInstalled())) return { status: 'skipped', reason: 'no terraform on the PATH' };
  const stacks = readStacks(outputFolder);
  if (stacks.length === 0) return { status: 'failed', output: `${outputFolder} holds no stack.` };
  const workspace = mkdtempSync(join(tmpdir(), 'skafu-validate-'));
  try {
    return await validateCopies(stacks, workspace, options.stream ?? false);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function validateCopies(stacks: Stack[], workspace: string, stream: boolean): Promise<Outcome> {
  const source = findProviders(requiredProviders(stacks), workspace);
  const environment = { ...source.environment, ...(source.certain ? {} : pluginCache(workspace)) };
  for (const stack of stacks) {
    const call = { folder: join(workspace, 'stacks', stack.name), environment, stream };
    copyStack(stack.folder, call.folder);
    const initialized = await terraform(['init', '-backend=false', '-no-color'], call);
    if (initialized.code !== 0) {
      if (!source.certain)
        return { status: 'skipped', reason: `no provider: ${source.description} does not answer` };
      return { status: 'failed', output: `${stack.name}: terraform init\n${initialized.output}` };
    }
    const problem = (await validate(call)) ?? (await planWithMocks(stack, stacks, call));
    if (problem !== undefined) return { status: 'failed', output: `${stack.name}: ${problem}` };
  }
  const resources = stacks.reduce((sum, stack) => sum + countResources(stack), 0);
  return { status: 'ok', note: `${stacks.length} stacks, ${resources} resources, planned with mocks` };
}

/** Without what an earlier deployment left there: the provider alone weighs 600 MB. */
function copyStack(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !basename(path).startsWith('.terraform') });
}

/** From the registry the provider is fetched once, not once a stack. */
function pluginCache(workspace: string): Record<string, string> {
  const folder = join(workspace, 'plugins');
  mkdirSync(folder);
  return { TF_PLUGIN_CACHE_DIR: folder, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1' };
}

async function validate(call: TerraformCall): Promise<string | undefined> {
  return problemOf('validate', await terraform(['validate', '-json'], call));
}

async function planWithMocks(stack: Stack, all: Stack[], call: TerraformCall): Promise<string | undefined> {
  writeFileSync(join(call.folder, 'plan.tftest.json'), JSON.stringify(mockPlan(stack, all)));
  const result = await terraform(['test', '-json'], call);
  const problem = problemOf('test', result);
  if (problem !== undefined) return problem;
  return /"passed":1,"failed":0/.test(result.stdout)
    ? undefined
    : `terraform test planned nothing\n${result.output}`;
}

function problemOf(step: string, { code, stdout, output }: CommandResult): string | undefined {
  const diagnostics = readDiagnostics(stdout);
  if (code === 0 && diagnostics.length === 0) return undefined;
  return [`terraform ${step}`, ...(diagnostics.length === 0 ? [output] : diagnostics)].join('\n');
}
