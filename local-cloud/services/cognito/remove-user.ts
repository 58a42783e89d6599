import type { Cognito } from './context.ts';
import type { UserPool } from './model.ts';

/** Removes a user with sign-ins, codes and events. */
export async function removeUser(cognito: Cognito, pool: UserPool, username: string): Promise<void> {
  await cognito.sessions.endAll(pool.id, username);
  await cognito.directory.remove(pool, username);
  await cognito.codes.forget(pool, username);
  await cognito.authEvents.forget(pool, username);
}
