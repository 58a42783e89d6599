import { optionalSetting } from './settings.ts';

/**
 * What the platform needs of a tracer, and no more: the X-Ray SDKs end support in February 2027, so the tracer that
 * stands behind this must be replaceable without touching a handler.
 */
export interface Tracing {
  /** Records every call of an AWS SDK client as a subsegment. */
  client<Client>(client: Client): Client;
  /** Runs work in a subsegment; annotations are searchable. */
  step<Result>(
    name: string,
    annotations: Readonly<Record<string, string | number>>,
    work: () => Promise<Result>,
  ): Promise<Result>;
}

const untraced: Tracing = {
  client: (client) => client,
  step: (_name, _annotations, work) => work(),
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
