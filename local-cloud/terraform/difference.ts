import { type Kept, type Plan, writtenOf } from './apply.ts';

/** What an apply would do with one resource. */
export interface Change {
  readonly action: 'create' | 'update' | 'remove';
  readonly address: string;
  readonly type: string;
  /** Names of the arguments that differ, of an update. */
  readonly differs: readonly string[];
}

/** What differs between the Terraform and what was applied last, in the order in which an apply would do it. */
export function differenceOf(plan: Plan, kept: ReadonlyMap<string, Kept>): Change[] {
  const nodes = plan.nodes.filter(({ kind }) => kind === 'resource');
  const made = nodes.flatMap((node): Change[] => {
    const { address, type } = node;
    const before = kept.get(address);
    if (!before) return [{ action: 'create', address, type, differs: [] }];
    const differs = differingNames(before.written, writtenOf(node));
    return differs.length === 0 ? [] : [{ action: 'update', address, type, differs }];
  });
  const standing = new Set(nodes.map(({ address }) => address));
  const gone = [...kept]
    .filter(([address]) => !standing.has(address))
    .sort(([, one], [, other]) => other.order - one.order)
    .map(([address, { type }]): Change => ({ action: 'remove', address, type, differs: [] }));
  return [...made, ...gone];
}

/** What an older version kept without its text is taken to be the same. */
function differingNames(before: string | undefined, now: string): string[] {
  if (before === undefined || before === now) return [];
  const [old, next] = [JSON.parse(before), JSON.parse(now)] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(next[name])).sort();
}
