/** An item of DynamoDB, in its own notation or as plain values. */
export type Item = Readonly<Record<string, unknown>>;

const typeTags = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS']);

/**
 * The size of an item as DynamoDB bills it: the bytes of each attribute's name and value. A number takes a byte for each
 * two of its significant digits and one more; a map or a list three, and one for each of its elements.
 */
export function itemBytes(item: Item): number {
  // Every item has a key, and a key is no map: so only in DynamoDB's notation each value is one.
  const sizeOf = Object.values(item).every(isTagged) ? taggedBytes : plainBytes;
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOf(value),
    0,
  );
}

function isTagged(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [tag, ...others] = Object.keys(value);
  return tag !== undefined && others.length === 0 && typeTags.has(tag);
}

function taggedBytes(value: unknown): number {
  const [[tag, content] = ['', undefined]] = Object.entries(value as object);
  if (tag === 'N') return numberBytes(String(content));
  if (tag === 'M' || tag === 'L') return nestedBytes(content as object, taggedBytes);
  return plainBytes(content);
}

function plainBytes(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberBytes(String(value));
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'object' && value !== null ? nestedBytes(value, plainBytes) : 1;
}

function nestedBytes(value: object, sizeOf: (value: unknown) => number): number {
  const isList = Array.isArray(value);
  return Object.entries(value).reduce(
    (sum, [name, inner]) => sum + 1 + (isList ? 0 : Buffer.byteLength(name)) + sizeOf(inner),
    3,
  );
}

function numberBytes(digits: string): number {
  const significant = digits.replace(/^-?0*\.?0*|\.|-/g, '').replace(/0+$/, '');
  return 1 + Math.ceil(significant.length / 2) + (digits.startsWith('-') ? 1 : 0);
}
