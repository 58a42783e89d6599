import type { Role } from '#shared/definition/roles.ts';

/** Who may have a person forgotten: it cannot be undone. */
export const administrators: readonly Role[] = ['admin'];
