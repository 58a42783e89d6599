import type { Node } from './graph.ts';
import type { Stack } from './read-stacks.ts';

/** What has been computed so far, as each stack's expressions see it. */
export interface Values {
  /** By stack and name. */
  outputs: Record<string, Record<string, unknown>>;
  set(node: Node, value: unknown): void;
  /** The value of a first name in a stack's expressions, or undefined. */
  lookup(stack: Stack, name: string): unknown;
}

type Names = Map<string, unknown>;

export function createValues(stacks: Stack[]): Values {
  const names = new Map<Stack, Names>();
  const outputs: Record<string, Record<string, unknown>> = {};
  for (const stack of stacks) {
    outputs[stack.name] = {};
    names.set(
      stack,
      new Map<string, unknown>([
        ['var', stack.variables],
        ['path', { module: stack.folder, root: stack.folder, cwd: stack.folder }],
        ['terraform', { workspace: 'default' }],
      ]),
    );
  }

  return {
    outputs,
    set(node, value) {
      const known = names.get(node.stack) ?? new Map();
      if (node.kind === 'output') Object.assign(outputs[node.stack.name] ?? {}, { [node.name]: value });
      else if (node.kind === 'local') Object.assign(group(known, 'local'), { [node.name]: value });
      else if (node.kind === 'resource') Object.assign(group(known, node.type), { [node.name]: value });
      else Object.assign(group(group(known, 'data'), node.type), { [node.name]: value });
    },
    lookup: (stack, name) => names.get(stack)?.get(name),
  };
}

function group(within: Names | Record<string, unknown>, name: string): Record<string, unknown> {
  const existing = within instanceof Map ? within.get(name) : within[name];
  if (typeof existing === 'object' && existing !== null) return existing as Record<string, unknown>;
  const created = {};
  if (within instanceof Map) within.set(name, created);
  else within[name] = created;
  return created;
}
