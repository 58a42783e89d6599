import type { Cloud } from '../../core/cloud.ts';
import { wildcardMatcher } from '../../core/wildcard.ts';
import type { LambdaAuthorizer } from './model.ts';

export type LambdaVerdict =
  | { allowed: true; context: Record<string, unknown> }
  | { allowed: false; status: 401 | 403 | 500; reason: string };

/** What an authorizer decides by. */
export interface Asked {
  /** Values of its identity sources, in order; undefined where the request has none. */
  identity: (string | undefined)[];
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`. */
  routeArn: string;
  /** The event that the route's own function would get. */
  event: Record<string, unknown>;
  traceHeader: string;
}

interface Answered {
  until: number;
  /** The function's answer; whom a policy lets in depends on the route. */
  payload: unknown;
}

const cacheSize = 2000;

/**
 * Lambda authorizers of HTTP APIs, format 2.0: the function is asked, by simple answer or IAM policy, and what it answers
 * holds for the same identity as long as the authorizer says.
 */
export class LambdaAuthorizers {
  readonly #cloud: Cloud;
  readonly #answered = new Map<string, Answered>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  async check(authorizer: LambdaAuthorizer, asked: Asked): Promise<LambdaVerdict> {
    // Without its identity a request is refused before anybody is asked.
    if (asked.identity.some((value) => !value))
      return { allowed: false, status: 401, reason: 'An identity source is missing.' };
    const key = JSON.stringify([authorizer.id, ...asked.identity]);
    const isCached = authorizer.ttlSeconds > 0 && asked.identity.length > 0;
    const known = isCached ? this.#answered.get(key) : undefined;
    if (known && known.until > Date.now()) return verdictOf(authorizer, known.payload, asked.routeArn);
    this.#answered.delete(key);
    const payload = await this.#ask(authorizer, asked);
    if (payload === undefined) return failed('The authorizer ended with an error.');
    if (isCached) this.#remember(key, { payload, until: Date.now() + authorizer.ttlSeconds * 1000 });
    return verdictOf(authorizer, payload, asked.routeArn);
  }

  /** Undefined when the function failed, or may not be called. */
  async #ask(authorizer: LambdaAuthorizer, asked: Asked): Promise<unknown> {
    const { region, accountId, ports, logger } = this.#cloud;
    const { id, apiId, functionArn } = authorizer;
    const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${apiId}/authorizers/${id}`;
    const { body: _, isBase64Encoded: _encoded, ...request } = asked.event;
    const identitySource = asked.identity.length > 0 ? asked.identity : undefined;
    const event = { ...request, type: 'REQUEST', routeArn: asked.routeArn, identitySource };
    try {
      ports.access.require(
        { type: 'service', service: 'apigateway.amazonaws.com', sourceArn },
        { action: 'lambda:InvokeFunction', resource: functionArn },
      );
      const { payload, functionError } = await ports.functions.invoke(functionArn, event, {
        traceHeader: asked.traceHeader,
      });
      return functionError ? undefined : (payload ?? {});
    } catch (error) {
      logger.warn('An authorizer could not be asked.', { authorizer: authorizer.name, error: String(error) });
      return undefined;
    }
  }

  #remember(key: string, answered: Answered): void {
    const oldest = this.#answered.size >= cacheSize ? this.#answered.keys().next().value : undefined;
    if (oldest !== undefined) this.#answered.delete(oldest);
    this.#answered.set(key, answered);
  }
}

function verdictOf(authorizer: LambdaAuthorizer, payload: unknown, routeArn: string): LambdaVerdict {
  const answer = objectOf(payload);
  const allowed = authorizer.simpleResponses
    ? answer['isAuthorized']
    : isAllowed(answer['policyDocument'], routeArn);
  if (typeof allowed !== 'boolean') return failed('The answer of the authorizer is malformed.');
  if (!allowed) return { allowed: false, status: 403, reason: 'The authorizer refused.' };
  return { allowed: true, context: objectOf(answer['context']) };
}

/** Undefined where there is no policy. A statement that denies goes before all that allow. */
function isAllowed(document: unknown, routeArn: string): boolean | undefined {
  const statements = objectOf(document)['Statement'];
  if (statements === undefined) return undefined;
  const matching = [statements]
    .flat()
    .map(objectOf)
    .filter(({ Action, Resource }) => matches(Action, 'execute-api:Invoke') && matches(Resource, routeArn));
  const effects = matching.map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function matches(patterns: unknown, value: string): boolean {
  return [patterns].flat().some((pattern) => wildcardMatcher(String(pattern).split('*'))(value));
}

function failed(reason: string): LambdaVerdict {
  return { allowed: false, status: 500, reason };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
