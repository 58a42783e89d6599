/** The groups of the user pool, from least to most. */
export const allRoles = ['viewer', 'developer', 'operator', 'admin'] as const;

export type Role = (typeof allRoles)[number];

/** Who may change alert rules, alerts and operations. */
export const operators: readonly Role[] = ['operator', 'admin'];

export function isRole(value: unknown): value is Role {
  return allRoles.some((role) => role === value);
}

/** Whether someone with the roles `held` may do what is open to `allowed`. */
export function mayAct(held: readonly Role[], allowed: readonly Role[]): boolean {
  return allowed.some((role) => held.includes(role));
}
