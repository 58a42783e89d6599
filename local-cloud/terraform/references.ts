import { parseTemplate } from './expressions/parser.ts';
import { children, type Expression } from './expressions/syntax.ts';

/** Leading names of one reference: `['aws_sqs_queue', 'work', 'arn']`, up to the first computed index. */
export type Reference = string[];

/** Every reference in a value of `cdk.tf.json`, however deep. Throws `ExpressionError`. */
export function referencesIn(value: unknown): Reference[] {
  if (typeof value === 'string') return isPlain(value) ? [] : inExpression(parseTemplate(value));
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...referencesIn(key), ...referencesIn(inner)]);
}

/** Text without anything to resolve, which is most of it. */
export function isPlain(text: string): boolean {
  return !text.includes('${') && !text.includes('%{');
}

function inExpression(expression: Expression): Reference[] {
  const path = pathOf(expression);
  if (path) return [path];
  return children(expression).flatMap(inExpression);
}

function pathOf(expression: Expression): string[] | undefined {
  if (expression.kind === 'variable') return [expression.name];
  if (expression.kind === 'attribute') {
    const path = pathOf(expression.of);
    return path && [...path, expression.name];
  }
  if (expression.kind === 'index' && expression.key.kind === 'literal') {
    const path = pathOf(expression.of);
    return path && [...path, String(expression.key.value)];
  }
  return undefined;
}
