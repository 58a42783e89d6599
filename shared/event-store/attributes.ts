import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Item = Readonly<Record<string, AttributeValue>>;

/** The text in an attribute; an empty one where the item holds no text there. */
export function textIn(item: Item, name: string): string {
  return item[name]?.S ?? '';
}

/** The bytes in an attribute; none where the item holds no bytes there. */
export function bytesIn(item: Item, name: string): Uint8Array {
  return item[name]?.B ?? new Uint8Array();
}
