import { everyone, type Role } from '#shared/definition/roles.ts';

/** Who may see streams, events and failures. */
export const readers: readonly Role[] = everyone;

/** Who may answer failures: ignore, resolve, redrive. */
export const responders: readonly Role[] = ['operator', 'admin'];
