import { useIdentity } from '#shared/frontend/identity.ts';
import type { Actor as WhoActs } from './types.ts';
import { actorText } from './words.ts';

/** Who did it, as the person who reads would say. */
export function Actor({ actor }: { actor: WhoActs }) {
  return actorText(actor, useIdentity().subject);
}
