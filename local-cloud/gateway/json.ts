/** Writes JSON as AWS does: times as epoch seconds, bytes as base64. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(
    value,
    function replace(this: Record<string, unknown>, key: string, written: unknown) {
      // `toJSON` has turned dates and buffers into something else before the replacer sees them.
      const original = this[key];
      if (original instanceof Date) return original.getTime() / 1000;
      if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
      return written;
    },
  );
}
