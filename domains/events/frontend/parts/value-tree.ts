export type Change = 'same' | 'added' | 'removed' | 'changed';

/** A value, or what became of it: a leaf with its texts, or a branch with the parts that it has or had. */
export interface ValueNode {
  readonly name: string;
  readonly change: Change;
  /** What it is, or was where it is gone; of a branch, what it consists of. */
  readonly text: string;
  /** What a changed leaf was before. */
  readonly was?: string;
  readonly parts: readonly ValueNode[];
}

/** A value as a tree. */
export function treeOf(value: unknown, name = ''): ValueNode {
  return nodeOf(name, value, value);
}

/** What became of a value, as one tree: each part that is new, gone or another is marked, and so is what holds it. */
export function differenceOf(before: unknown, after: unknown, name = ''): ValueNode {
  return nodeOf(name, before, after);
}

/** How many parts were added, removed or changed. */
export function changesIn(node: ValueNode): number {
  if (node.change !== 'changed' || node.parts.length === 0) return node.change === 'same' ? 0 : 1;
  return node.parts.reduce((sum, part) => sum + changesIn(part), 0);
}

function nodeOf(name: string, before: unknown, after: unknown): ValueNode {
  const had = partsOf(before);
  const has = partsOf(after);
  if ((had || before === undefined) && (has || after === undefined) && (had || has)) {
    const change = changeOf(before, after, () => false);
    // What is new or gone as a whole is marked once, and not in each of its parts.
    if (change !== 'changed') {
      const whole = after === undefined ? before : after;
      return { ...treeOf(whole, name), change };
    }
    const names = [...new Set([...(had?.keys() ?? []), ...(has?.keys() ?? [])])];
    const parts = names.map((each) => nodeOf(each, had?.get(each), has?.get(each)));
    const isSame = parts.every((part) => part.change === 'same');
    return { name, change: isSame ? 'same' : 'changed', text: branchText(after), parts };
  }
  const change = changeOf(before, after, () => textOf(before) === textOf(after));
  return {
    name,
    change,
    text: textOf(after === undefined ? before : after),
    ...(change === 'changed' ? { was: textOf(before) } : {}),
    parts: [],
  };
}

function changeOf(before: unknown, after: unknown, isSame: () => boolean): Change {
  if (before === undefined && after !== undefined) return 'added';
  if (before !== undefined && after === undefined) return 'removed';
  return isSame() ? 'same' : 'changed';
}

/** The parts of an object or a list by their names; undefined for what has none. */
function partsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const parts = new Map(Object.entries(value));
  return parts.size > 0 ? parts : undefined;
}

function branchText(value: unknown): string {
  const count = Object.keys(value ?? {}).length;
  const [one, many] = Array.isArray(value) ? ['entry', 'entries'] : ['field', 'fields'];
  return `${count} ${count === 1 ? one : many}`;
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value || '(empty text)' : JSON.stringify(value);
}

/** The tree without what stayed the same; undefined where all did. */
export function onlyChanges(node: ValueNode): ValueNode | undefined {
  if (node.change === 'same') return undefined;
  if (node.change !== 'changed') return node;
  return { ...node, parts: node.parts.map(onlyChanges).filter((part) => part !== undefined) };
}
