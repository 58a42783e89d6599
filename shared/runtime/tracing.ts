import { randomBytes } from 'node:crypto';
import { optionalSetting } from './settings.ts';

/** Searchable facts about traced work. Keys hold letters, digits and underscores only. */
export type Annotations = Readonly<Record<string, string | number | boolean>>;

/** A request as it reached the API. */
export interface TracedRequest {
  /** Method and path of the route, with its parameters in braces. */
  readonly route: string;
  readonly method: string;
  readonly url: string;
  readonly userAgent?: string | undefined;
  readonly clientIp?: string | undefined;
}

/** Work that is over, told to the trace of the request that caused it. Times are epoch milliseconds. */
export interface FinishedWork {
  /** From `placeBeneath`. */
  readonly place: TracePlace;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly failed: boolean;
  readonly annotations: Annotations;
  readonly steps: readonly { readonly name: string; readonly from: number; readonly to: number }[];
}

/** Where finished work stands in a trace: known before the work is told, so that others can be put beneath it. */
export interface TracePlace {
  readonly trace: string;
  readonly parent: string;
  readonly id: string;
}

/**
 * What the platform needs of a tracer, and no more: the X-Ray SDKs end support in February 2027, so the tracer that
 * stands behind this must be replaceable without touching a handler.
 */
export interface Tracing {
  /** Records every call of an AWS SDK client as a subsegment. */
  client<Client>(client: Client): Client;
  /** Runs work in a subsegment; annotations are searchable. */
  step<Result>(name: string, annotations: Annotations, work: () => Promise<Result>): Promise<Result>;
  /** Runs a request's work in a subsegment that is named by its route and tells what was asked and answered. */
  request<Result extends { readonly statusCode: number }>(
    request: TracedRequest,
    annotations: Annotations,
    work: () => Promise<Result>,
  ): Promise<Result>;
  /** Adds annotations to the subsegment in which the caller runs. */
  annotate(annotations: Annotations): void;
  /** Tells work to the traces of the requests that caused it, which are not the trace of this invocation. Never throws. */
  tell(work: readonly FinishedWork[]): Promise<void>;
}

const untraced: Tracing = {
  client: (client) => client,
  step: (_name, _annotations, work) => work(),
  request: (_request, _annotations, work) => work(),
  annotate: () => undefined,
  tell: async () => undefined,
};

let chosen: Promise<Tracing> | undefined;

/** The tracer that the environment asks for: `TRACING=xray`, or none. Loaded once, and only when asked for. */
export function tracing(): Promise<Tracing> {
  chosen ??=
    optionalSetting('TRACING') === 'xray'
      ? import('./xray-tracing.ts').then((xray) => xray.xrayTracing())
      : Promise.resolve(untraced);
  return chosen;
}

/** The X-Ray header of the current invocation, as Lambda hands it over. */
export function traceHeader(): string | undefined {
  return optionalSetting('_X_AMZN_TRACE_ID');
}

/** A place in the trace that a header names, under what the header calls the parent; none where it is not sampled. */
export function placeBeneath(header: string | undefined): TracePlace | undefined {
  const fields = new Map(header?.split(';').map((field) => fieldOf(field)));
  const [trace, parent] = [fields.get('Root'), fields.get('Parent')];
  if (!trace || !parent || fields.get('Sampled') !== '1') return undefined;
  const id = randomBytes(8).toString('hex');
  return { trace, parent, id };
}

function fieldOf(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** The header that puts what follows beneath this place. */
export function headerOf(place: TracePlace): string {
  return `Root=${place.trace};Parent=${place.id};Sampled=1`;
}
