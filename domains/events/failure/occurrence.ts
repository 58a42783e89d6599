import { instant, integer, object, oneOf, optional, text, type ValueOf } from '#shared/messages/schema.ts';

/** A stream that a failure concerns: a read model that cannot follow it, or a function that could not act on it. */
export const targetFields = {
  kind: oneOf('read-model', 'function'),
  tenant: text(64),
  type: text(64),
  id: text(100),
  /** Of the event that was worked on. A read model that has come so far has passed what failed. */
  version: integer({ minimum: 1 }),
};
export type Target = ValueOf<typeof targetFields>;

/** What is kept of one failure; never what somebody had sent. */
export const occurrenceFields = {
  fingerprint: text(64),
  /** `<domain>/<function>` or `<domain>/<read model>`. */
  component: text(200),
  name: text(200),
  message: text(1_000),
  at: instant,
  target: optional(object(targetFields)),
  /** A stream in words, where it is not one that can be redriven. */
  stream: optional(text(300)),
  correlationId: optional(text(200)),
  trace: optional(text(500)),
};
export type Occurrence = ValueOf<typeof occurrenceFields>;

/** `<tenant>/<type>/<id>`: names a stream among those that a failure concerns. */
export function targetKey({ tenant, type, id }: Pick<Target, 'tenant' | 'type' | 'id'>): string {
  return `${tenant}/${type}/${id}`;
}
