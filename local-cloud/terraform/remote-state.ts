import { parse } from 'node:path';
import type { Node } from './graph.ts';
import { type Stack, stateFileOf } from './read-stacks.ts';
import { TerraformError } from './terraform-error.ts';

const CROSS_STACK = /^cross-stack-reference-input-(.+)$/;

/**
 * The stack whose outputs a `terraform_remote_state` reads: the one that writes the same state file, else the one its
 * name or its state file is called after. Throws `TerraformError` when there is none.
 */
export function remoteStack(state: Node, stacks: Stack[]): Stack {
  const file = stateFileOf((state.body as { config?: unknown }).config);
  const names = [CROSS_STACK.exec(state.name)?.[1], file && parse(file).name, state.name];
  const writer = stacks.find(({ stateFile }) => file !== undefined && stateFile === file);
  const found = writer ?? stacks.find(({ name }) => names.includes(name));
  if (found) return found;
  throw new TerraformError(
    `${state.address}: none of the stacks writes the state it reads (${file ?? 'no file'}).`,
  );
}
