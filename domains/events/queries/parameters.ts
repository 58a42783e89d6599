import { integer, optional, type Schema, text } from '#shared/messages/schema.ts';

/** The parameters of every paged list. */
export const pageParameters = {
  limit: optional(integer({ minimum: 1, maximum: 100 })),
  cursor: optional(text(2048)),
};

/** A kind of stream, as aggregates are named: `alert-rule`. */
export const streamType: Schema<string> = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,63}$' };

/** The path parameters that name a stream. */
export const streamParameters = { type: streamType, id: text(200) };

export const version: Schema<number> = integer({ minimum: 1, maximum: 999_999_999_999 });
