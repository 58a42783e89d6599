import { Problem } from '../messages/problem.ts';
import { reportFailure } from './failure.ts';
import { type HttpEvent, type HttpResult, json } from './http.ts';
import { newId } from './ids.ts';
import { log } from './log.ts';
import { optionalSetting } from './settings.ts';
import { type Annotations, type TracedRequest, tracing } from './tracing.ts';

export type HttpHandler = (event: HttpEvent) => Promise<HttpResult>;

/** Given to every route's work: the request, and the id under which all that follows from it can be found. */
export type Route = (event: HttpEvent, correlationId: string) => Promise<HttpResult>;

/**
 * What every HTTP function does alike: it gives the request a correlation id (the caller's own, if that is harmless),
 * tells problems as problem+json, and reports what nobody foresaw without showing its insides.
 */
export function serveHttp(route: Route): HttpHandler {
  return async (event) => {
    const correlationId = correlationIdOf(event);
    log.resetKeys();
    log.appendKeys({ correlationId, requestId: event.requestContext.requestId, route: event.routeKey });
    // HTTP APIs leave nothing in traces themselves, so the function tells what was asked and answered.
    const trace = await tracing();
    const result = await trace.request(requestOf(event), annotationsOf(event, correlationId), () =>
      route(event, correlationId).catch((error: unknown) => answerFor(error, correlationId)),
    );
    return { ...result, headers: { ...result.headers, 'x-correlation-id': correlationId } };
  };
}

function requestOf({
  routeKey,
  rawPath,
  headers,
  requestContext: { http, domainName },
}: HttpEvent): TracedRequest {
  return {
    route: routeKey,
    method: http?.method ?? routeKey.replace(/ .*/s, ''),
    // Without the query string, which may hold what people typed.
    url: `https://${domainName ?? headers['host'] ?? 'localhost'}${rawPath}`,
    userAgent: http?.userAgent ?? headers['user-agent'],
    clientIp: http?.sourceIp,
  };
}

function annotationsOf(event: HttpEvent, correlationId: string): Annotations {
  return {
    correlationId,
    route: event.routeKey,
    function: `${optionalSetting('SERVICE') ?? ''}/${optionalSetting('FUNCTION') ?? ''}`,
  };
}

function correlationIdOf(event: HttpEvent): string {
  const given = event.headers['x-correlation-id'];
  return given && /^[\w.:-]{1,128}$/.test(given) ? given : newId();
}

async function answerFor(error: unknown, correlationId: string): Promise<HttpResult> {
  if (error instanceof Problem) {
    log.info('Refused', { slug: error.slug, status: error.status, detail: error.message });
    return problemResult(error, correlationId);
  }
  await reportFailure(error, { correlationId });
  const detail = `This is our fault and was recorded. Name ${correlationId} when you ask about it.`;
  return problemResult(new Problem(500, 'unexpected', 'Unexpected failure', detail), correlationId);
}

function problemResult(problem: Problem, correlationId: string): HttpResult {
  const body = {
    type: `urn:skafu:problem:${problem.slug}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    correlationId,
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
  return json(problem.status, body, { ...problem.headers, 'content-type': 'application/problem+json' });
}
