import type { Attributes } from './service.ts';

function isBlock(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All nested blocks of one name: `cdk.tf.json` writes a single block as an object or as a list of one. */
export function blocks(value: unknown): Attributes[] {
  if (Array.isArray(value)) return value.filter(isBlock);
  return isBlock(value) ? [value] : [];
}

/** The only (or first) nested block of one name, or undefined when it is absent. */
export function block(value: unknown): Attributes | undefined {
  return blocks(value)[0];
}
