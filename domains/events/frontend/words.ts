import type { Actor } from './types.ts';

/** An actor, as "you" when it is the person who reads. */
export function actorText(actor: Actor, subject: string): string {
  if (actor.type === 'service') return actor.id;
  return actor.id === subject ? 'you' : `user ${actor.id}`;
}

/** `alert-rule` → `Alert rule`. */
export function categoryText(type: string): string {
  const words = type.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The trace id in an X-Ray header: `Root=1-…;Parent=…;Sampled=1`. */
export function traceIdOf(header: string | undefined): string | undefined {
  return /Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/.exec(header ?? '')?.[1];
}

/** The event that an id names, `type/id/version`; undefined for the id of a command. */
export function eventNamed(id: string): { type: string; id: string; version: number } | undefined {
  const [, type, streamId, version] = /^([^/]+)\/(.+)\/(\d{1,15})$/.exec(id) ?? [];
  return type && streamId && version ? { type, id: streamId, version: Number(version) } : undefined;
}
