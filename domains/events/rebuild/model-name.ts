import type { Schema } from '#shared/messages/schema.ts';

/** A read model as catch-up, metrics and failures name it: `observability/alert-rules`. */
export const modelName: Schema<string> = {
  type: 'string',
  maxLength: 128,
  pattern: '^[a-z][a-z-]*/[a-z][a-z-]*$',
};
