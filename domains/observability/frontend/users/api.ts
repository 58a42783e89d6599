import { type ListAnswer, listPages } from '#shared/frontend/api.ts';
import { observability } from '../api.ts';

export type UserStatus =
  | 'CONFIRMED'
  | 'UNCONFIRMED'
  | 'FORCE_CHANGE_PASSWORD'
  | 'RESET_REQUIRED'
  | 'EXTERNAL_PROVIDER';

/** A person's account, as the API says it. Times are RFC 3339 UTC. */
export interface User {
  username: string;
  /** Who the person is in events and logs. */
  subject: string;
  email?: string;
  emailVerified: boolean;
  name?: string;
  tenant?: string;
  status: UserStatus;
  enabled: boolean;
  createdAt: string;
  modifiedAt: string;
}

export type SearchBy = 'email' | 'name' | 'username';

/** Cognito searches by the beginning of one attribute, or by the status. */
export type UserSearch = { by: SearchBy; prefix: string } | { status: UserStatus } | Record<string, never>;

const base = 'observability/users';
const pageSize = 60;

const users = observability.injectEndpoints({
  endpoints: (build) => ({
    users: build.infiniteQuery<ListAnswer<User>, UserSearch, string>({
      infiniteQueryOptions: listPages,
      query: ({ queryArg, pageParam }) => ({
        path: base,
        query: { ...queryArg, limit: pageSize, cursor: pageParam },
      }),
    }),
    user: build.query<User & { groups: string[] }, string>({
      query: (username) => ({ path: `${base}/${encodeURIComponent(username)}` }),
    }),
  }),
});

export const { useUsersInfiniteQuery, useUserQuery } = users;
