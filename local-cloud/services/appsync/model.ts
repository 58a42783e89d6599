import type { GraphQLSchema } from 'graphql';

/** How callers of an API prove who they are. */
export type AuthenticationType = 'AWS_IAM' | 'AMAZON_COGNITO_USER_POOLS' | 'API_KEY';

export interface UserPool {
  readonly poolId: string;
  /** As in the tokens of the pool. */
  readonly issuer: string;
  /** A regular expression that the id of a client has to match as a whole; any may ask where it is absent. */
  readonly clientPattern: string | undefined;
  /** Whether who has a token of the pool may read a field about which the schema says nothing. */
  readonly defaultAction: 'ALLOW' | 'DENY';
}

export interface ApiKey {
  readonly apiId: string;
  readonly key: string;
  readonly description: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface LogSettings {
  readonly level: string;
  readonly roleArn: string;
  readonly verbose: boolean;
}

export interface GraphqlApi {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly authenticationType: AuthenticationType;
  readonly additionalTypes: readonly AuthenticationType[];
  /** The pool of the default authentication first, where that is a pool. */
  readonly userPools: readonly UserPool[];
  /** As written in the Terraform; both are undefined for an API that has no schema yet. */
  readonly schemaText: string | undefined;
  readonly schema: GraphQLSchema | undefined;
  readonly introspection: boolean;
  /** 0 is no limit. */
  readonly depthLimit: number;
  readonly resolverLimit: number;
  readonly log: LogSettings | undefined;
  readonly xray: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DataSource {
  readonly apiId: string;
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** Absent where the source is NONE: what the resolver hands over is the result. */
  readonly lambda: { readonly functionArn: string; readonly roleArn: string } | undefined;
}

/** APPSYNC_JS code with the two functions `request` and `response`. */
export type Code = string;

/** One step of a resolver: a data source, and what is said to it. Without code, a function gets the whole context. */
export interface Step {
  readonly dataSource: string | undefined;
  readonly code: Code | undefined;
}

export interface PipelineFunction extends Step {
  readonly id: string;
  readonly apiId: string;
  readonly arn: string;
  readonly name: string;
}

export interface Resolver extends Step {
  readonly apiId: string;
  readonly arn: string;
  readonly typeName: string;
  readonly fieldName: string;
  /** Ids of functions, in order; absent for a unit resolver. */
  readonly pipeline: readonly string[] | undefined;
}
