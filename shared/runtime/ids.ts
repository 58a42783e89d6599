import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A new id: UUIDv7, so that ids sort by the time they were made. */
export function newId(): string {
  return v7();
}

export function isId(value: string | undefined): value is string {
  return value !== undefined && uuidForm.test(value);
}

/**
 * The id that the same parts always lead to, in UUID form (version 8, RFC 9562 §5.8: made of a SHA-256). A command
 * that starts a stream takes it when the caller sent an `Idempotency-Key`, so that its retry meets the same stream.
 */
export function idFrom(...parts: string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
