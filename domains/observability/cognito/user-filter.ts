import { invalid } from '#shared/messages/problem.ts';

/** What accounts can be found by; Cognito searches no other of those that we show. */
export const searchable = ['email', 'name', 'username'] as const;

/** What an account can be waiting for, in Cognito's words. */
export const userStatuses = [
  'CONFIRMED',
  'UNCONFIRMED',
  'FORCE_CHANGE_PASSWORD',
  'RESET_REQUIRED',
  'EXTERNAL_PROVIDER',
] as const;

export interface UserSearch {
  readonly by?: (typeof searchable)[number] | undefined;
  readonly prefix?: string | undefined;
  readonly status?: (typeof userStatuses)[number] | undefined;
}

/** The filter of ListUsers, which takes one attribute. Throws a 400 problem when a search names more. */
export function userFilter({ by, prefix, status }: UserSearch): string | undefined {
  const refuse = (field: string, detail: string) =>
    invalid(`Mend #/${field} and send it again.`, [{ pointer: `#/${field}`, detail }]);
  if (prefix !== undefined && status !== undefined)
    throw refuse('status', 'must not stand beside prefix: Cognito searches by one of them');
  if (by !== undefined && prefix === undefined) throw refuse('prefix', 'is required when by is given');
  if (prefix !== undefined) return `${by ?? 'email'} ^= ${quoted(prefix)}`;
  return status && `cognito:user_status = ${quoted(status)}`;
}

const quoted = (value: string) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
