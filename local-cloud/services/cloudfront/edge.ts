import { randomBytes } from 'node:crypto';
import type { Cloud } from '../../core/cloud.ts';
import { Compressor, chooseEncoding, isCompressible } from './compression.ts';
import { EdgeCache } from './edge-cache.ts';
import type { Behaviour, CachePolicy, Distribution } from './model.ts';
import { askOrigin, type OriginResponse } from './origins.ts';
import type { Registry } from './registry.ts';
import { applyResponseHeaders } from './response-headers.ts';
import { cacheKey, forwarded } from './selection.ts';
import {
  fromEventRequest,
  fromEventResponse,
  isEventResponse,
  toEventRequest,
  toEventResponse,
  type ViewerRequest,
  type ViewerResponse,
} from './viewer-event.ts';

const urlLimit = 8192;

/** Answers requests as an edge location does, by the settings of one distribution. */
export class Edge {
  private readonly cloud: Cloud;
  private readonly registry: Registry;
  private readonly cache = new EdgeCache();
  private readonly compressor = new Compressor();

  constructor(cloud: Cloud, registry: Registry) {
    this.cloud = cloud;
    this.registry = registry;
  }

  async serve(distribution: Distribution, viewer: ViewerRequest): Promise<ViewerResponse> {
    const requestId = randomBytes(42).toString('base64url');
    const behaviour = distribution.behaviours.find(({ pattern }) => pattern.test(viewer.uri));
    if (!behaviour) return page(400, 'Bad request.', 'Error from cloudfront');
    const response = isTooLong(viewer)
      ? page(414, 'The URI is too long.', 'Error from cloudfront')
      : await this.answer(distribution, behaviour, viewer, requestId);
    const policy = this.registry.responseHeadersPolicies.get(behaviour.responseHeadersPolicyId ?? '');
    const { method, headers } = viewer;
    if (policy) applyResponseHeaders(policy, response.headers, { method, origin: headers['origin'] });
    response.headers['via'] = `1.1 ${distribution.id.toLowerCase()}.cloudfront.net (CloudFront)`;
    response.headers['x-amz-cf-id'] = requestId;
    response.headers['x-amz-cf-pop'] = 'LOCAL1';
    this.recordUsage(distribution, method, response);
    return response;
  }

  private recordUsage({ id }: Distribution, method: string, { body }: ViewerResponse): void {
    const common = {
      service: 'Amazon CloudFront',
      operation: method,
      resource: `arn:aws:cloudfront::${this.cloud.accountId}:distribution/${id}`,
      time: Date.now(),
    };
    const gigabytes = method === 'HEAD' ? 0 : body.length / 2 ** 30;
    this.cloud.telemetry.usage({ ...common, usageType: 'US-Requests-Tier2-HTTPS', quantity: 1 });
    this.cloud.telemetry.usage({ ...common, usageType: 'US-DataTransfer-Out-Bytes', quantity: gigabytes });
  }

  private async answer(
    distribution: Distribution,
    behaviour: Behaviour,
    viewer: ViewerRequest,
    requestId: string,
  ): Promise<ViewerResponse> {
    if (!behaviour.allowedMethods.has(viewer.method)) {
      const reason =
        'This distribution is not configured to allow the HTTP request method that was used for this request.';
      return page(403, reason, 'Error from cloudfront');
    }
    const context = {
      distributionDomainName: distribution.domainName,
      distributionId: distribution.id,
      requestId,
    };
    let request = viewer;
    const onRequest = this.registry.functions.get(behaviour.viewerRequest ?? '');
    if (onRequest) {
      const event = { ...context, eventType: 'viewer-request' as const };
      const result = await this.run(() =>
        onRequest({
          version: '1.0',
          context: event,
          viewer: { ip: viewer.ip },
          request: toEventRequest(viewer),
        }),
      );
      if (!result)
        return page(
          503,
          'The CloudFront function associated with this behavior failed.',
          'FunctionExecutionError from cloudfront',
        );
      if (isEventResponse(result))
        return withCacheHeader(fromEventResponse(result), 'FunctionGeneratedResponse from cloudfront');
      request = fromEventRequest(viewer, result);
    }
    const response = await this.fromCacheOrOrigin(distribution, behaviour, request);
    const onResponse = this.registry.functions.get(behaviour.viewerResponse ?? '');
    if (!onResponse || response.status >= 400) return response;
    const event = { ...context, eventType: 'viewer-response' as const };
    const result = await this.run(() =>
      onResponse({
        version: '1.0',
        context: event,
        viewer: { ip: viewer.ip },
        request: toEventRequest(request),
        response: toEventResponse(response),
      }),
    );
    if (result && isEventResponse(result)) return fromEventResponse(result, response.body);
    return page(
      503,
      'The CloudFront function associated with this behavior failed.',
      'FunctionExecutionError from cloudfront',
    );
  }

  /** Undefined when the function threw: the viewer gets the error page, the log what went wrong. */
  private async run<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await call();
    } catch (error) {
      this.cloud.logger.error('a CloudFront function failed', { error: String(error) });
      return undefined;
    }
  }

  private async fromCacheOrOrigin(
    distribution: Distribution,
    behaviour: Behaviour,
    given: ViewerRequest,
  ): Promise<ViewerResponse> {
    const request = given.uri === '/' ? { ...given, uri: `/${distribution.defaultRootObject}` } : given;
    const policy = this.registry.cachePolicies.get(behaviour.cachePolicyId);
    if (!policy) throw new Error(`The cache policy ${behaviour.cachePolicyId} is gone.`);
    const { response, hit } = await this.fetch(distribution, behaviour, request, policy);
    const shown = response.status >= 400 ? await this.errorPage(distribution, behaviour, response) : response;
    const cacheHeader = shown.status >= 400 ? 'Error' : hit ? 'Hit' : 'Miss';
    withCacheHeader(shown, `${cacheHeader} from cloudfront`);
    if (shown.status === 200 && isUnchanged(request, shown)) return notModified(shown);
    return this.compressed(behaviour, policy, request, shown);
  }

  private async fetch(
    distribution: Distribution,
    behaviour: Behaviour,
    request: ViewerRequest,
    policy: CachePolicy,
  ): Promise<{ response: OriginResponse; hit: boolean }> {
    const origin = distribution.origins.get(behaviour.originId);
    if (!origin) throw new Error(`The origin ${behaviour.originId} is gone.`);
    const originPolicy = this.registry.originRequestPolicies.get(behaviour.originRequestPolicyId ?? '');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    // A bucket of this machine is as near as a cache, and is never stale after a deployment.
    const caches = isRead && policy.maximumTtl > 0 && origin.target.kind === 'api';
    const key = caches ? cacheKey(distribution.id, request, policy) : '';
    const kept = caches ? this.cache.find(key) : undefined;
    if (kept) return { response: kept, hit: true };
    const response = await askOrigin(
      this.cloud,
      distribution,
      origin,
      forwarded(request, policy, originPolicy),
    );
    if (caches) this.cache.keep(key, response, policy);
    return { response, hit: false };
  }

  private async errorPage(
    distribution: Distribution,
    behaviour: Behaviour,
    response: OriginResponse,
  ): Promise<OriginResponse> {
    const custom = distribution.errorResponses.find(({ errorCode }) => errorCode === response.status);
    if (!custom?.pagePath) return response;
    const { pagePath, responseCode } = custom;
    const own = distribution.behaviours.find(({ pattern }) => pattern.test(pagePath)) ?? behaviour;
    const origin = distribution.origins.get(own.originId);
    const request = {
      method: 'GET',
      uri: pagePath,
      query: '',
      headers: {},
      body: Buffer.alloc(0),
      ip: '127.0.0.1',
    };
    const found = origin && (await askOrigin(this.cloud, distribution, origin, request));
    return found?.status === 200 ? { ...found, status: responseCode } : response;
  }

  private async compressed(
    behaviour: Behaviour,
    policy: CachePolicy,
    request: ViewerRequest,
    response: OriginResponse,
  ): Promise<ViewerResponse> {
    const { headers, body } = response;
    const type = String(headers['content-type'] ?? '');
    const mayCompress =
      behaviour.compress && (policy.brotli || policy.gzip) && headers['content-encoding'] === undefined;
    if (!mayCompress || !isCompressible(type, body.length)) return response;
    headers['vary'] =
      headers['vary'] === undefined ? 'Accept-Encoding' : `${String(headers['vary'])}, Accept-Encoding`;
    const encoding = chooseEncoding(request.headers['accept-encoding'], policy);
    if (!encoding) return response;
    headers['content-encoding'] = encoding;
    const etag = String(headers['etag'] ?? '');
    if (etag.startsWith('"')) headers['etag'] = `W/${etag}`;
    return { ...response, body: await this.compressor.compress(response.identity, encoding, body) };
  }
}

function isTooLong({ uri, query }: ViewerRequest): boolean {
  return uri.length + (query === '' ? 0 : 1 + query.length) > urlLimit;
}

function isUnchanged(request: ViewerRequest, response: ViewerResponse): boolean {
  const etag = String(response.headers['etag'] ?? '').replace(/^W\//, '');
  const asked = request.headers['if-none-match'];
  if (!asked || etag === '') return false;
  return asked.split(',').some((entry) => [etag, '*'].includes(entry.trim().replace(/^W\//, '')));
}

function notModified({ headers }: ViewerResponse): ViewerResponse {
  const { 'content-type': _type, 'content-length': _length, ...kept } = headers;
  return { status: 304, headers: kept, body: Buffer.alloc(0) };
}

function withCacheHeader<Response extends ViewerResponse>(response: Response, value: string): Response {
  response.headers['x-cache'] = value;
  return response;
}

/** An error page of CloudFront itself. */
export function page(status: number, reason: string, cacheHeader: string): ViewerResponse {
  const body = `<!DOCTYPE html><html lang="en"><head><title>ERROR: The request could not be satisfied</title></head><body><h1>${status} ERROR</h1><p>${reason}</p></body></html>`;
  return {
    status,
    headers: { 'content-type': 'text/html', server: 'CloudFront', 'x-cache': cacheHeader },
    body: Buffer.from(body),
  };
}
