import { everyone, type Role } from '#shared/definition/roles.ts';

/** Who may see metrics, alarms, rules and alerts. */
export const readers: readonly Role[] = everyone;

/** Who may change rules and answer alerts. */
export const responders: readonly Role[] = ['operator', 'admin'];

/** Who may see what the installation costs. */
export const financeReaders: readonly Role[] = ['developer', 'operator', 'admin'];

/** Who may see other people's accounts. */
export const administrators: readonly Role[] = ['admin'];
