import { createRequire } from 'node:module';
import { createContext, Script } from 'node:vm';
import type { Logger } from '../../core/logger.ts';

/** A header, cookie or query parameter as CloudFront functions see it. */
export interface EventValue {
  value: string;
  multiValue?: { value: string }[];
}

export interface EventRequest {
  method: string;
  uri: string;
  querystring: Record<string, EventValue>;
  headers: Record<string, EventValue>;
  cookies: Record<string, EventValue>;
}

export interface EventResponse {
  statusCode: number;
  statusDescription?: string;
  headers?: Record<string, EventValue>;
  cookies?: Record<string, EventValue>;
  body?: string | { encoding?: 'text' | 'base64'; data: string };
}

export interface ViewerEvent {
  version: '1.0';
  context: {
    distributionDomainName: string;
    distributionId: string;
    eventType: 'viewer-request' | 'viewer-response';
    requestId: string;
  };
  viewer: { ip: string };
  request: EventRequest;
  response?: EventResponse;
}

/** Runs one event; answers the request or response the function returned. Throws what the function throws. */
export type ViewerFunction = (event: ViewerEvent) => Promise<EventRequest | EventResponse>;

// The modules the 2.0 runtime offers; nothing that reaches the machine.
const offeredModules = new Set(['buffer', 'crypto', 'querystring']);
const require = createRequire(import.meta.url);
// CloudFront allows about a millisecond of processor time. This limit counts the time of the clock, in which a busy
// machine may stand still for a while, so it only ends functions that would never end.
const timeLimit = 2000;

/** Compiles a function's code once, in a world of its own. Throws a `SyntaxError` for code that does not parse. */
export function compileViewerFunction(name: string, code: string, logger: Logger): ViewerFunction {
  const write = (...parts: unknown[]) =>
    logger.info(parts.map(String).join(' '), { cloudfrontFunction: name });
  const world = createContext({
    console: { log: write, error: write, warn: write, info: write },
    Buffer,
    require: (module: string) => {
      if (!offeredModules.has(module))
        throw new Error(`The module ${module} is not available to CloudFront functions.`);
      return require(module) as unknown;
    },
  });
  new Script(code, { filename: `${name}.js` }).runInContext(world, { timeout: timeLimit });
  const call = new Script('handler(__event)', { filename: `${name}.js` });
  return async (event) => {
    // A copy: what the function changes must not reach the request of which the event was made.
    world['__event'] = structuredClone(event);
    const result: unknown = await call.runInContext(world, { timeout: timeLimit });
    if (typeof result !== 'object' || result === null) {
      throw new TypeError(`The CloudFront function ${name} returned neither a request nor a response.`);
    }
    return result as EventRequest | EventResponse;
  };
}
