import { everyone, type Role } from '#shared/definition/roles.ts';

/** Who may see metrics, alarms, rules and alerts. */
export const readers: readonly Role[] = everyone;

/** Who may change rules and answer alerts. */
export const responders: readonly Role[] = ['operator', 'admin'];
