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
