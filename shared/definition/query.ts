import { type Fields, object, type Schema, type ValueOf } from '../messages/schema.ts';
import type { Definitions } from './definitions.ts';
import type { ReadModel } from './read-model.ts';
import type { Role } from './roles.ts';

/** One page of a list; `nextCursor` is absent on the last. */
export interface Page<Row> {
  readonly items: readonly Row[];
  readonly nextCursor?: string;
}

/** How a query asks a read model, always within the caller's own tenant. */
export interface Rows<Row> {
  /** The row with this key, or undefined. */
  get(key: string): Promise<Row | undefined>;
  /** Newest (highest order) first, unless `ascending`. Throws a 400 problem for a cursor that is not ours. */
  list(
    list: string,
    page: {
      limit?: number | undefined;
      cursor?: string | undefined;
      ascending?: boolean;
      /** Only rows whose place in the list begins so. */
      prefix?: string | undefined;
    },
  ): Promise<Page<Row>>;
}

export type RowsOf<Models> = {
  readonly [Name in keyof Models]: Models[Name] extends ReadModel<infer Row> ? Rows<Row> : never;
};

export interface QueryContext<Models> {
  readonly tenant: string;
  readonly rows: RowsOf<Models>;
  /** Code of every domain, as far as the query uses it. */
  readonly definitions: Definitions;
}

/**
 * Parts of the platform that a query can stand on:
 *
 * | part | what comes |
 * |---|---|
 * | `cache` | a table that keeps dear answers for all instances, as `CACHE_TABLE` |
 * | `user-pool` | `USER_POOL_ID`, without any right to it |
 * | `event-store` | the right to read streams, as `EVENT_STORE_TABLE` |
 * | `categories` | every domain's kinds of streams, as `CATEGORIES` |
 * | `read-models` | the right to read every domain's rows and positions by their keys, as `READ_MODELS` |
 * | `aggregates`, `projections` | the code of every domain's, bundled with the function, as `definitions` |
 */
export type PlatformPart =
  | 'cache'
  | 'user-pool'
  | 'event-store'
  | 'categories'
  | 'read-models'
  | 'aggregates'
  | 'projections';

/** A query: where it is reached, by whom, with what, and how it is answered. */
export interface Query<Input = never, Models = never> {
  readonly kind: 'query';
  readonly route: string;
  readonly roles: readonly Role[];
  /** Of path parameters and query string together. */
  readonly input: Schema<Input>;
  readonly readModels: Models;
  /** Reads of AWS itself belong to the installation's own tenant: others get 403. */
  readonly installationOnly: boolean;
  readonly uses: readonly PlatformPart[];
  readonly answer: (input: Input, context: QueryContext<Models>) => Promise<object>;
}

export type AnyQuery = Pick<Query, 'kind' | 'route' | 'roles' | 'input' | 'installationOnly' | 'uses'> & {
  readonly readModels: Readonly<Record<string, ReadModel>>;
};

/** Defines a query. An answer with a `version` is sent with it as `ETag`. */
export function query<
  const F extends Fields,
  const Models extends Readonly<Record<string, ReadModel>>,
>(parts: {
  route: string;
  roles: readonly Role[];
  input: F;
  readModels?: Models;
  installationOnly?: boolean;
  uses?: readonly PlatformPart[];
  answer: (input: ValueOf<F>, context: QueryContext<Models>) => Promise<object>;
}): Query<ValueOf<F>, Models> {
  return {
    kind: 'query',
    installationOnly: false,
    uses: [],
    ...parts,
    readModels: parts.readModels ?? ({} as Models),
    input: object(parts.input),
  };
}
