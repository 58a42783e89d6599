import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caller, Wanted } from './access.ts';
import type { Cloud } from './cloud.ts';
import type { AwsError } from './errors.ts';
import type { Usage } from './telemetry.ts';
import type { View } from './view.ts';

/** A Terraform value after every reference in it has been resolved. */
export type Attributes = Record<string, unknown>;

/** One resource of the synthesized Terraform: its address is unique over all stacks. */
export interface Resource {
  /** `<stack>/<type>.<name>`, for example `platform/aws_dynamodb_table.event_store`. */
  address: string;
  stack: string;
  /** The Terraform type, for example `aws_dynamodb_table`. */
  type: string;
  /** Arguments as written in `cdk.tf.json`, references resolved. */
  desired: Attributes;
  /** Folder of the stack, against which relative file names (`filename`, `source`) resolve. */
  folder: string;
  /** Arguments whose changes elsewhere stand, as `lifecycle.ignore_changes` says. */
  ignoreChanges?: readonly string[];
}

/** Answers a Terraform data source from what stands, in the provider's spelling. Throws `AwsError` for what does not. */
export type DataReader = (body: Attributes) => Promise<Attributes>;

/**
 * Makes one Terraform type real. `apply` is called at every start for every resource, in dependency order, also when
 * nothing changed: it must be idempotent, must keep data, and answers every attribute others may refer to (`arn`,
 * `id`, `name`, …) in the provider's spelling. `previous` is what it answered last time, if the resource stood then.
 */
export interface ResourceHandler {
  apply(resource: Resource, previous: Attributes | undefined): Promise<Attributes>;
  /** Called when the resource is no longer in the Terraform. */
  remove?(address: string, previous: Attributes): Promise<void>;
}

/** A request on the AWS endpoint after the gateway has read it whole. Header names are lower case. */
export interface AwsRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
  /** From the credential scope of the signature; `us-east-1` if unsigned. */
  region: string;
  /** Whose signature it bears. */
  caller: Caller;
}

export interface AwsResponse {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Instead of a body: what is written as it comes, until it ends or the client leaves. */
  stream?: AsyncIterable<Uint8Array>;
}

/**
 * An operation of a JSON, CBOR or query service: parsed input in, plain output out; of a JSON service also an
 * `EventStream`. Throws `AwsError`.
 */
export type Operation = (input: Record<string, unknown>, request: AwsRequest) => Promise<object | undefined>;

/** How the query protocol of a service spells what its newer protocols write otherwise. */
export interface QuerySpelling {
  /** The input as the operations read it. */
  input(fields: Record<string, unknown>, request: AwsRequest): Record<string, unknown>;
  /** The output as the query protocol names and nests it. */
  output(operation: string, output: object): object;
}

/**
 * One AWS service of the local cloud. Lives in `local-cloud/services/<name>/`, exports `create<Name>(cloud)`.
 * RPC services list `operations` by name (`PutItem`); the gateway parses JSON 1.0/1.1, CBOR and query requests and
 * writes answers and errors. REST services, and those that proxy, implement `handle`.
 */
export interface Service {
  /** Signing names (`dynamodb`, `monitoring`, …) that route a request here. */
  signingNames: string[];
  /** Terraform types this service makes real. */
  resources: Record<string, ResourceHandler>;
  /** Terraform data sources that this service answers. */
  dataSources?: Record<string, DataReader>;
  operations?: Record<string, Operation>;
  handle?(request: AwsRequest): Promise<AwsResponse>;
  /** How a REST service writes an error of a request, where not as the others do; undefined leaves it to the gateway. */
  failure?(error: AwsError, request: Pick<AwsRequest, 'path' | 'headers'>): AwsResponse | undefined;
  /** Takes over the connection of a request that asks for WebSocket; the service then owns the socket and ends it. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * What a request has to be allowed to do; nothing where everybody may. `operation` is empty for a REST request. Where
   * absent, the action is `<signing name>:<operation>` and has no resource.
   */
  wanted?(operation: string, input: Record<string, unknown>, request: AwsRequest): readonly Wanted[];
  /** Where absent, the query protocol is spelled as the others, its lists in `member`. */
  querySpelling?: QuerySpelling;
  /** Called once the Terraform is known to be sound, before the first resource is applied: begin what takes long. */
  prepare?(): Promise<void>;
  /** Called once after every resource stands: begin schedules, evaluation, listening. */
  start?(): Promise<void>;
  /** Called once every service has started, and not waited for: go on with what an earlier process left, and poll. */
  resume?(): Promise<void>;
  /**
   * Takes up, from now on and while it runs, what changes of the files that the Terraform only names, such as code; and
   * says so, a line each.
   */
  follow?(say: (line: string) => void): Promise<void>;
  /** Told once, before the first service starts, what the whole cloud is made of. */
  survey?(standing: Standing): Promise<void>;
  /** What the local cloud's own page shows of this service. */
  views?: readonly View[];
  /** Keeps still what it has beside the state, for a moment in which the whole world is copied. */
  hold?(): Promise<Held>;
  /** What stands here now and is paid for by the time it stands: stored bytes, alarms, secrets. */
  holdings?(): Promise<Holding[]>;
  /** Must end all timers, sockets, workers and children. */
  stop?(): Promise<void>;
}

/** What a service keeps beside the state, standing still. */
export interface Held {
  /** Copies it into another data directory. */
  copyTo(dataDirectory: string): Promise<void>;
  /** Lets it go on; again is no harm. */
  release(): void;
}

/** What stands once the Terraform is applied. */
export interface Standing {
  services: Service[];
  resources: { address: string; type: string; attributes: Attributes; tags: Record<string, string> }[];
}

/** Something paid for by the month. */
export interface Holding extends Omit<Usage, 'quantity' | 'time'> {
  /** What a whole month of it counts as: gigabytes stored, or 1 for an alarm. */
  amount: number;
}

export type CreateService = (cloud: Cloud) => Service | Promise<Service>;
