import type { Cloud } from '../../../core/cloud.ts';
import type { Requester } from '../authorization/requester.ts';
import type { JavascriptRuntime } from '../javascript/runtime.ts';
import type { GraphqlApi } from '../model.ts';
import type { FilterGroup } from '../realtime/filter.ts';
import type { Registry } from '../registry.ts';

/** What executing needs besides the request. */
export interface Engine {
  readonly cloud: Cloud;
  readonly registry: Registry;
  readonly javascript: JavascriptRuntime;
}

/** One GraphQL request on its way through its fields. */
export interface Execution {
  readonly api: GraphqlApi;
  readonly requester: Requester;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `X-Amzn-Trace-Id` for what is called. */
  readonly traceHeader: string | undefined;
  /** How many resolvers have run. */
  resolversRun: number;
  /** Errors beside which a field keeps its value. */
  readonly appended: WrittenError[];
  /** What the resolver of a subscription has set. */
  subscriptionFilter: FilterGroup | undefined;
}

/** An error as AppSync writes it. */
export interface WrittenError {
  readonly path: readonly (string | number)[] | null;
  readonly data: unknown;
  readonly errorType: string | null;
  readonly errorInfo: unknown;
  readonly locations: readonly { line: number; column: number; sourceName: null }[] | null;
  readonly message: string;
}

/** The body of an answer. */
export interface Answer {
  data: Record<string, unknown> | null;
  errors?: WrittenError[];
}
