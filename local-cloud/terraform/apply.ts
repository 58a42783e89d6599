import { block } from '../core/blocks.ts';
import type { Cloud } from '../core/cloud.ts';
import type { Attributes, DataReader, Resource, ResourceHandler } from '../core/service.ts';
import { acceptedAttributes, acceptedTypes } from './accepted-types.ts';
import { dataSources } from './data-sources.ts';
import { inDependencyOrder, type Node } from './graph.ts';
import { readStacks, type Stack } from './read-stacks.ts';
import { remoteStack } from './remote-state.ts';
import { resolveValue } from './resolve.ts';
import { withoutSecrets } from './sensitive-arguments.ts';
import { inStackOrder } from './stack-order.ts';
import { TerraformError } from './terraform-error.ts';
import { createValues, type Values } from './values.ts';

/** Synthesized stacks, checked for everything that can be checked before anything is touched. */
export interface Plan {
  stacks: Stack[];
  /** Every resource, data source, local and output, each after all it refers to. */
  nodes: Node[];
}

export interface Applied {
  outputs: Record<string, Record<string, unknown>>;
  resources: {
    address: string;
    type: string;
    attributes: Attributes;
    /** Of the provider and of the resource itself, as `tags_all` holds them. */
    tags: Record<string, string>;
  }[];
}

/** What is kept of an applied resource, so that it is known again, and removed when it vanishes. */
export interface Kept {
  order: number;
  type: string;
  attributes: Attributes;
  /** What stood in the Terraform, to tell whether that has changed; absent where an older version kept it. */
  written?: string;
}

/** Where what was applied is kept, by address. */
export const keptNamespace = 'terraform';

/** What this process has made of each resource: a second apply leaves alone what has not changed since. */
export type Made = Map<string, { desired: string; attributes: Attributes }>;

/** Arguments that speak to Terraform itself and not to the resource. */
const META_ARGUMENTS = new Set(['//', 'depends_on', 'lifecycle', 'provider']);

/** Reads and orders all stacks of a folder. Throws `TerraformError`. */
export function planTerraform(stacksDirectory: string): Plan {
  const stacks = inStackOrder(readStacks(stacksDirectory), stacksDirectory);
  return { stacks, nodes: inDependencyOrder(stacks) };
}

/** Refuses a plan with a type that neither a service nor the table of accepted types knows, and names all of them. */
export function checkTypes(
  plan: Plan,
  handlers: Map<string, ResourceHandler>,
  readers: ReadonlyMap<string, DataReader> = new Map(),
): void {
  const isRead = (type: string) =>
    type === 'terraform_remote_state' || Object.hasOwn(dataSources, type) || readers.has(type);
  const unknown = plan.nodes.filter(({ kind, type }) =>
    kind === 'resource'
      ? !handlers.has(type) && !Object.hasOwn(acceptedTypes, type)
      : kind === 'data' && !isRead(type),
  );
  if (unknown.length === 0) return;
  const names = unknown.map(
    ({ kind, type, address }) => `${kind === 'data' ? 'data ' : ''}${type} (${address})`,
  );
  throw new TerraformError(`The local cloud does not support these Terraform types: ${names.join(', ')}.`);
}

/**
 * Makes every resource real, in order, and then removes what the Terraform no longer holds. Throws `TerraformError`
 * with the address of the resource that failed.
 */
export async function applyPlan(
  plan: Plan,
  cloud: Cloud,
  handlers: Map<string, ResourceHandler>,
  made: Made,
  readers: ReadonlyMap<string, DataReader> = new Map(),
): Promise<Applied> {
  const state = cloud.state.namespace(keptNamespace);
  const kept = new Map((await state.list<Kept>()).map(({ key, value }) => [key, value]));
  const values = createValues(plan.stacks);
  const resources: Applied['resources'] = [];

  for (const [order, node] of plan.nodes.entries()) {
    if (node.kind !== 'resource') {
      values.set(node, await computedValue(node, plan, cloud, values, readers));
      continue;
    }
    const resource = resourceOf(node, values);
    const previous = kept.get(node.address);
    const desired = JSON.stringify([resource.desired, resource.ignoreChanges]);
    const standing = made.get(node.address);
    const answered =
      standing?.desired === desired
        ? standing.attributes
        : await apply(resource, previous?.attributes, cloud, handlers);
    made.set(node.address, { desired, attributes: answered });
    values.set(node, { ...resource.desired, ...answered });
    resources.push({
      address: node.address,
      type: node.type,
      attributes: { ...resource.desired, ...answered },
      tags: tagsOf(node, resource, values),
    });
    const keep: Kept = { order, type: node.type, attributes: answered, written: writtenOf(node) };
    if (JSON.stringify(keep) !== JSON.stringify(previous)) await state.put(node.address, keep);
  }
  await removeVanished(kept, resources, cloud, handlers, made);
  return { outputs: values.outputs, resources };
}

/** What the Terraform says of a resource, references unresolved and without what is only for Terraform. */
export function writtenOf(node: Node): string {
  const body = Object.entries(node.body as Attributes).filter(([name]) => name !== '//');
  return JSON.stringify(withoutSecrets(node.type, Object.fromEntries(body)));
}

function resourceOf(node: Node, values: Values): Resource {
  const written = Object.entries(node.body as Attributes).filter(([name]) => !META_ARGUMENTS.has(name));
  const desired = resolveValue(Object.fromEntries(written), node, values) as Attributes;
  return {
    address: node.address,
    stack: node.stack.name,
    type: node.type,
    desired,
    folder: node.stack.folder,
    ignoreChanges: ignoredBy(node.body as Attributes),
  };
}

/** Names without what they name inside of an argument; `all` stands for every one. */
function ignoredBy({ lifecycle }: Attributes): string[] {
  const ignored = block(lifecycle)?.['ignore_changes'];
  return (Array.isArray(ignored) ? ignored : [ignored]).filter((name) => typeof name === 'string');
}

/** A resource's own tag wins over the provider's of the same name. */
function tagsOf(node: Node, { desired }: Resource, values: Values): Record<string, string> {
  const provider = String((node.body as Attributes)['provider'] ?? 'aws');
  const given = resolveValue(node.stack.defaultTags[provider] ?? {}, node, values) as Attributes;
  const all = Object.entries({ ...given, ...(desired['tags'] as Attributes | undefined) });
  return Object.fromEntries(all.map(([name, value]) => [name, String(value)]));
}

async function apply(
  resource: Resource,
  previous: Attributes | undefined,
  cloud: Cloud,
  handlers: Map<string, ResourceHandler>,
): Promise<Attributes> {
  const handler = handlers.get(resource.type);
  const accepted = acceptedTypes[resource.type];
  if (!handler && accepted) return acceptedAttributes(accepted, resource, cloud);
  try {
    return (await handler?.apply(resource, previous)) ?? {};
  } catch (error) {
    throw failure(resource.address, error);
  }
}

async function computedValue(
  node: Node,
  plan: Plan,
  cloud: Cloud,
  values: Values,
  readers: ReadonlyMap<string, DataReader>,
): Promise<unknown> {
  if (node.type === 'terraform_remote_state') {
    return { outputs: values.outputs[remoteStack(node, plan.stacks).name] };
  }
  if (node.kind !== 'data') return resolveValue(node.body, node, values);
  const { provider, ...written } = node.body as Attributes;
  const body = resolveValue(written, node, values) as Attributes;
  const region = node.stack.providerRegions[String(provider)] ?? cloud.region;
  try {
    const read = await readers.get(node.type)?.(body);
    return { ...body, ...(read ?? dataSources[node.type]?.(body, { accountId: cloud.accountId, region })) };
  } catch (error) {
    throw failure(node.address, error);
  }
}

async function removeVanished(
  kept: Map<string, Kept>,
  resources: Applied['resources'],
  cloud: Cloud,
  handlers: Map<string, ResourceHandler>,
  made: Made,
): Promise<void> {
  const standing = new Set(resources.map(({ address }) => address));
  // What only moved to another address still stands under the same id, and its data with it.
  const ids = new Set(resources.map(({ type, attributes }) => `${type} ${attributes['id']}`));
  const vanished = [...kept].filter(([address]) => !standing.has(address));
  for (const [address, { type, attributes }] of vanished.sort(
    ([, one], [, other]) => other.order - one.order,
  )) {
    const moved = attributes['id'] !== undefined && ids.has(`${type} ${attributes['id']}`);
    try {
      if (!moved) await handlers.get(type)?.remove?.(address, attributes);
    } catch (error) {
      throw failure(address, error);
    }
    made.delete(address);
    await cloud.state.namespace(keptNamespace).delete(address);
    cloud.logger.info(moved ? 'A resource moved to another address.' : 'A resource was removed.', {
      address,
    });
  }
}

function failure(address: string, error: unknown): TerraformError {
  return new TerraformError(`${address}: ${error instanceof Error ? error.message : error}`, {
    cause: error,
  });
}
