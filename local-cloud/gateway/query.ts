import { AwsError } from '../core/errors.ts';

type Tree = Map<string, Tree | string>;

const MAXIMUM_DEPTH = 20;

/**
 * The input of an AWS query request: `A.member.1.B=x` and `A.1.B=x` are both `{ A: [{ B: 'x' }] }`. Every value is a
 * string, as the protocol carries no types. Throws `AwsError`.
 */
export function parseQuery(fields: URLSearchParams): Record<string, unknown> {
  const root: Tree = new Map();
  for (const [name, value] of fields) {
    if (name !== 'Action' && name !== 'Version' && !name.startsWith('X-Amz-'))
      insert(root, name.split('.'), value);
  }
  return Object.fromEntries([...root].map(([name, inner]) => [name, toValue(inner)]));
}

function insert(root: Tree, path: string[], value: string): void {
  if (path.length > MAXIMUM_DEPTH) throw malformed(path);
  let branch = root;
  for (const name of path.slice(0, -1)) {
    const next = branch.get(name) ?? new Map();
    if (typeof next === 'string') throw malformed(path);
    branch.set(name, next);
    branch = next;
  }
  const last = path.at(-1) ?? '';
  if (branch.get(last) instanceof Map) throw malformed(path);
  branch.set(last, value);
}

function toValue(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const wrapper = tree.size === 1 ? (tree.get('member') ?? tree.get('entry')) : undefined;
  if (wrapper !== undefined) return toValue(wrapper);
  const names = [...tree.keys()];
  if (names.every((name) => /^[1-9]\d*$/.test(name))) {
    return names
      .sort((one, other) => Number(one) - Number(other))
      .map((name) => toValue(tree.get(name) ?? ''));
  }
  return Object.fromEntries([...tree].map(([name, inner]) => [name, toValue(inner)]));
}

function malformed(path: string[]): AwsError {
  return new AwsError('MalformedQueryString', `The parameter ${path.slice(0, 5).join('.')} is malformed.`);
}
