import { ExpressionError } from './expressions/syntax.ts';
import type { Declaration, Stack } from './read-stacks.ts';
import { type Reference, referencesIn } from './references.ts';
import { remoteStack } from './remote-state.ts';
import { TerraformError } from './terraform-error.ts';

/** Something that gets a value: a resource, a data source, a local or an output. */
export interface Node {
  kind: 'resource' | 'data' | 'local' | 'output';
  stack: Stack;
  /** Terraform type of a resource or data source; empty for locals and outputs. */
  type: string;
  name: string;
  /** As written, nothing resolved. */
  body: unknown;
  /** `<stack>/aws_sqs_queue.work`, `<stack>/data.aws_region.here`, `<stack>/local.x`, `<stack>/output.x`. */
  address: string;
}

const UNSUPPORTED = ['count', 'for_each', 'dynamic', 'provisioner', 'connection'];

/** Every node of every stack, each after all it refers to. Throws `TerraformError`. */
export function inDependencyOrder(stacks: Stack[]): Node[] {
  const nodes = new Map(stacks.flatMap(nodesOf).map((node) => [node.address, node]));
  const ordered = new Set<Node>();
  const path: Node[] = [];

  function visit(node: Node): void {
    if (ordered.has(node)) return;
    if (path.includes(node)) {
      const cycle = [...path.slice(path.indexOf(node)), node].map(({ address }) => address);
      throw new TerraformError(`The Terraform depends on itself: ${cycle.join(' → ')}.`);
    }
    path.push(node);
    for (const dependency of dependenciesOf(node, nodes, stacks)) visit(dependency);
    path.pop();
    ordered.add(node);
  }

  for (const node of nodes.values()) visit(node);
  return [...ordered];
}

function nodesOf(stack: Stack): Node[] {
  const node = (kind: Node['kind'], type: string, name: string, body: unknown, id: string): Node => {
    return { kind, stack, type, name, body, address: `${stack.name}/${id}` };
  };
  const declared = (kind: 'resource' | 'data', { type, name, body }: Declaration) => {
    const id = kind === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
    const unsupported = UNSUPPORTED.find((argument) => body[argument] !== undefined);
    if (unsupported) throw new TerraformError(`${stack.name}/${id}: "${unsupported}" is not supported.`);
    return node(kind, type, name, body, id);
  };
  return [
    ...stack.resources.map((declaration) => declared('resource', declaration)),
    ...stack.data.map((declaration) => declared('data', declaration)),
    ...Object.entries(stack.locals).map(([name, body]) => node('local', '', name, body, `local.${name}`)),
    ...Object.entries(stack.outputs).map(([name, body]) => node('output', '', name, body, `output.${name}`)),
  ];
}

function dependenciesOf(node: Node, nodes: Map<string, Node>, stacks: Stack[]): Node[] {
  const explicit = node.kind === 'resource' || node.kind === 'data' ? dependsOn(node.body) : [];
  const references = [...readReferences(node), ...explicit.map((name) => name.split('.'))];
  return references.flatMap((reference) => resolveReference(reference, node, nodes, stacks));
}

function dependsOn(body: unknown): string[] {
  const names = (body as { depends_on?: unknown }).depends_on;
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function readReferences(node: Node): Reference[] {
  try {
    return referencesIn(node.body);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new TerraformError(`${node.address}: ${error.message}`);
  }
}

function resolveReference(
  reference: Reference,
  node: Node,
  nodes: Map<string, Node>,
  stacks: Stack[],
): Node[] {
  const [first = '', second = '', third = ''] = reference;
  if (first === 'path' || first === 'terraform') return [];
  if (first === 'var') {
    if (Object.hasOwn(node.stack.variables, second)) return [];
    throw new TerraformError(`${node.address}: the variable "${second}" has no default value.`);
  }
  const id = first === 'data' ? `data.${second}.${third}` : `${first}.${second}`;
  const found = nodes.get(`${node.stack.name}/${id}`);
  if (!found) throw new TerraformError(`${node.address} refers to ${id}, which its stack does not declare.`);
  if (found.type === 'terraform_remote_state') return [found, ...outputsOf(found, reference, nodes, stacks)];
  return [found];
}

/**
 * Depends on the one output that is read and not on all of the other stack, or two stacks that read each other's
 * outputs would look like a cycle.
 */
function outputsOf(state: Node, reference: Reference, nodes: Map<string, Node>, stacks: Stack[]): Node[] {
  const other = remoteStack(state, stacks);
  const name = reference[3] === 'outputs' ? reference[4] : undefined;
  if (name === undefined) {
    return [...nodes.values()].filter(({ kind, stack }) => kind === 'output' && stack === other);
  }
  const output = nodes.get(`${other.name}/output.${name}`);
  if (!output) {
    throw new TerraformError(`${state.address}: the stack "${other.name}" has no output "${name}".`);
  }
  return [output];
}
