import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from './read-stacks.ts';
import { TerraformError } from './terraform-error.ts';

/**
 * Puts stacks after those they were said to depend on. CDKTF writes that beside the folder of the stacks, and nowhere
 * in the Terraform itself; references still come first where they say otherwise.
 */
export function inStackOrder(stacks: Stack[], directory: string): Stack[] {
  const dependencies = readDependencies(join(directory, '..', 'manifest.json'));
  const ordered = new Set<Stack>();
  const visiting = new Set<Stack>();

  function visit(stack: Stack): void {
    if (ordered.has(stack) || visiting.has(stack)) return;
    visiting.add(stack);
    const names = dependencies[stack.name] ?? [];
    for (const other of stacks) if (names.includes(other.name)) visit(other);
    ordered.add(stack);
  }

  for (const stack of stacks) visit(stack);
  return [...ordered];
}

function readDependencies(file: string): Record<string, string[]> {
  if (!existsSync(file)) return {};
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
      stacks?: Record<string, { dependencies?: string[] }>;
    };
    const entries = Object.entries(manifest.stacks ?? {});
    return Object.fromEntries(entries.map(([name, { dependencies }]) => [name, dependencies ?? []]));
  } catch (error) {
    throw new TerraformError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
