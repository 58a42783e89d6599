import type { Access, Caller, Wanted } from './access.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Logger } from './logger.ts';
import type { SharedEngine } from './shared-engine.ts';
import type { StateStore } from './state.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * What every service is given. Services reach each other only through the ports below, each set by the service that
 * owns it while it is created, and used only after all are created.
 */
export interface Cloud {
  readonly region: string;
  /** Twelve digits; 000000000000. */
  readonly accountId: string;
  readonly dataDirectory: string;
  /** `http://127.0.0.1:<port>` of the AWS endpoint. */
  readonly endpointUrl: string;
  readonly consolePort: number;
  /** How execution environments of functions are kept apart; `LOCAL_ISOLATION` chooses first, and else processes. */
  readonly isolation?: Isolation | undefined;
  /** The DynamoDB Local of others that is to be used; where absent, one of its own is started. */
  readonly sharedEngine?: SharedEngine | undefined;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly ports: Ports;
  /** What goes wrong on purpose. */
  readonly faults: Faults;
  /** `127.0.0.1:<udp port>` where X-Ray segments are taken; set by the xray service before functions start. */
  xrayDaemonAddress?: string;
}

export interface Ports {
  access: Access;
  accessReport: AccessReport;
  functions: Functions;
  queues: Queues;
  queueReader: QueueReader;
  stateMachines: StateMachines;
  buses: Buses;
  tables: Tables;
  targets: Targets;
  logs: Logs;
  userPools: UserPools;
  httpApis: HttpApis;
  objects: Objects;
}

/** What the policies gave too much, and what they refused. */
export interface AccessReport {
  /** Grants that no call has ever needed, by role, action and resource as they stand in the policies. */
  unused(): { role: string; action: string; resource: string }[];
  /** Since the start, the last one first. */
  denied(): (Wanted & { who: string; reason: string; count: number; lastAt: string })[];
}

/** A process for each execution environment, or a thread of the local cloud: quicker, and trusted not to fill its memory. */
export type Isolation = 'process' | 'thread';

/** The result of one Lambda invocation, as the Invoke API tells it. */
export interface Invocation {
  payload: unknown;
  /** Set when the handler threw, timed out or crashed; `payload` is then `{ errorType, errorMessage, trace? }`. */
  functionError?: 'Handled' | 'Unhandled';
  requestId: string;
}

export interface Functions {
  /**
   * Waits for the answer. Throws `AwsError` when the function does not exist or is throttled. What runs in the
   * `background` has nobody waiting at a screen, and takes turns.
   */
  invoke(
    arnOrName: string,
    payload: unknown,
    options?: { traceHeader?: string; background?: boolean },
  ): Promise<Invocation>;
  /** Asynchronous invocation: durable when it returns; retried twice on error, then the failure destination or DLQ. */
  enqueue(arnOrName: string, payload: unknown, options?: { traceHeader?: string }): Promise<void>;
}

export interface Queues {
  /** Durable when it returns. */
  send(
    queueArn: string,
    body: string,
    attributes?: Record<string, string>,
    options?: { traceHeader?: string },
  ): Promise<void>;
}

/** One received message, as an SQS event source mapping hands it to a function. */
export interface QueueMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  /** `ApproximateReceiveCount`, `SentTimestamp`, … */
  attributes: Record<string, string>;
  /** As the SQS API answers them: `{ StringValue?, BinaryValue?, DataType }` by name. */
  messageAttributes: Record<string, { StringValue?: string; BinaryValue?: string; DataType: string }>;
}

/** The reading side of queues, for event source mappings. */
export interface QueueReader {
  /** Waits up to `waitMilliseconds` for the first message; answers an empty list when none came or on abort. */
  receive(
    queueArn: string,
    options: { maximum: number; waitMilliseconds: number; signal?: AbortSignal },
  ): Promise<QueueMessage[]>;
  delete(queueArn: string, receiptHandles: string[]): Promise<void>;
  changeVisibility(queueArn: string, receiptHandles: string[], seconds: number): Promise<void>;
}

export interface StateMachines {
  /** Durable when it returns. `input` is a JSON text. */
  start(
    arn: string,
    input: string,
    options?: { name?: string; traceHeader?: string },
  ): Promise<{ executionArn: string }>;
}

/** One event of PutEvents, or of an AWS service on the default bus. */
export interface BusEntry {
  /** Name or ARN; `default` when absent. */
  busName?: string;
  source: string;
  detailType: string;
  detail: unknown;
  resources?: string[];
  time?: Date;
  traceHeader?: string;
}

export interface Buses {
  /** Durable when it returns. Answers the ids, in order. */
  put(entries: BusEntry[]): Promise<string[]>;
}

/** Where DynamoDB Local listens, and the header with which it is asked for the tables of this local cloud. */
export interface EngineAddress {
  readonly endpoint: string;
  readonly authorization: string;
}

/** Table and stream names, and where DynamoDB Local listens for those that poll it. */
export interface Tables {
  engine(): EngineAddress;
  /** The stream ARN as DynamoDB Local spells it, from the ARN our Terraform knows. */
  localStreamArn(streamArn: string): Promise<string>;
}

/**
 * Sends a payload to whatever an ARN names (Lambda, Step Functions, SQS, bus, log group), as EventBridge targets do, if
 * the caller may.
 */
export interface Targets {
  deliver(
    targetArn: string,
    payload: unknown,
    options: { caller: Caller; traceHeader?: string },
  ): Promise<void>;
}

export interface Logs {
  /** Appends to a group (made if absent) and stream. */
  write(group: string, stream: string, entries: { time: number; message: string }[]): void;
}

/** What the HTTP API's JWT authorizer needs of a user pool. */
export interface UserPools {
  /** Public keys as a JSON Web Key Set for an issuer URL, or undefined when the issuer is not one of ours. */
  keysOfIssuer(issuer: string): Promise<{ keys: Record<string, unknown>[] } | undefined>;
}

export interface HttpApis {
  /** Serves one request to an HTTP API as its `execute-api` endpoint would. */
  handle(apiId: string, request: HttpRequest): Promise<HttpResponse>;
}

export interface Objects {
  get(
    bucket: string,
    key: string,
  ): Promise<{ body: Buffer; contentType: string; etag: string; cacheControl?: string } | undefined>;
}

export interface HttpRequest {
  method: string;
  /** Path and query as sent, undecoded. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  sourceIp: string;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}
