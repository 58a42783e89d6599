/** Cognito groups, each of which may do what design.md's table says. */
export const roles = ['viewer', 'developer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Everybody who may sign in and was given a role. */
export const everyone: readonly Role[] = roles;
