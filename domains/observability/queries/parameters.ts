import { integer, optional, text } from '#shared/messages/schema.ts';

/** What every list takes. */
export const pageParameters = {
  limit: optional(integer({ minimum: 1, maximum: 100 })),
  cursor: optional(text(2048)),
};
