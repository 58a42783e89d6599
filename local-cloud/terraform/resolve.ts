import { EvaluationError, evaluate, type Scope, textOf } from './expressions/evaluate.ts';
import { parseTemplate } from './expressions/parser.ts';
import type { Node } from './graph.ts';
import { isPlain } from './references.ts';
import { TerraformError } from './terraform-error.ts';
import type { Values } from './values.ts';

/** A value of `cdk.tf.json` with every reference in it resolved. A null argument is an argument not given. */
export function resolveValue(value: unknown, node: Node, values: Values): unknown {
  const scope: Scope = { folder: node.stack.folder, lookup: (name) => values.lookup(node.stack, name) };
  try {
    return resolve(value, scope);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new TerraformError(`${node.address}: ${error.message}`);
  }
}

function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return isPlain(value) ? value : evaluate(parseTemplate(value), scope);
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    textOf(resolve(key, scope)),
    resolve(inner, scope),
  ]);
  return Object.fromEntries(entries.filter(([, resolved]) => resolved !== null));
}
