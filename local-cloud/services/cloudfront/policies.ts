import { block, blocks } from '../../core/blocks.ts';
import type { Attributes } from '../../core/service.ts';
import type {
  CachePolicy,
  CorsPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  Selection,
} from './model.ts';

const none: Selection = { behaviour: 'none', items: [] };
const everything: Selection = { behaviour: 'all', items: [] };

const cacheNothing: CachePolicy = {
  minimumTtl: 0,
  defaultTtl: 0,
  maximumTtl: 0,
  brotli: false,
  gzip: false,
  headers: none,
  cookies: none,
  queryStrings: none,
};
const optimized: CachePolicy = {
  ...cacheNothing,
  minimumTtl: 1,
  defaultTtl: 86_400,
  maximumTtl: 31_536_000,
  brotli: true,
  gzip: true,
};

/** AWS's managed policies, by their ids, which are the same in every account. */
export function managedCachePolicies(): [string, CachePolicy][] {
  return [
    ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', cacheNothing],
    ['658327ea-f89d-4fab-a63d-7e88639e58f6', optimized],
    ['b2884449-e4de-46a7-ac36-70bc7f1ddd6d', { ...optimized, brotli: false, gzip: false }],
  ];
}

export function managedOriginRequestPolicies(): [string, OriginRequestPolicy][] {
  const all = {
    headers: { behaviour: 'allViewer', items: [] },
    cookies: everything,
    queryStrings: everything,
  };
  const corsHeaders = ['origin', 'access-control-request-headers', 'access-control-request-method'];
  return [
    ['216adef6-5c7f-47e4-b989-5492eafa07d3', all],
    [
      'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      { ...all, headers: { behaviour: 'allExcept', items: ['host'] } },
    ],
    [
      '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf',
      { headers: { behaviour: 'whitelist', items: corsHeaders }, cookies: none, queryStrings: none },
    ],
    [
      '59781a5b-3903-41f3-afcb-af62929ccde1',
      { headers: { behaviour: 'whitelist', items: ['origin'] }, cookies: none, queryStrings: none },
    ],
  ];
}

export function managedResponseHeadersPolicies(): [string, ResponseHeadersPolicy][] {
  const header = (name: string, value: string, override = false) => ({ name, value, override });
  const security = [
    header('strict-transport-security', 'max-age=31536000'),
    header('x-content-type-options', 'nosniff', true),
    header('x-frame-options', 'SAMEORIGIN'),
    header('x-xss-protection', '1; mode=block'),
    header('referrer-policy', 'strict-origin-when-cross-origin'),
  ];
  return [['67f7725c-6f97-4210-82d7-5512b31e9d03', { headers: security, remove: [], cors: undefined }]];
}

/** Reads `aws_cloudfront_cache_policy`. */
export function readCachePolicy(desired: Attributes): CachePolicy {
  const parameters = block(desired['parameters_in_cache_key_and_forwarded_to_origin']) ?? {};
  return {
    minimumTtl: Number(desired['min_ttl'] ?? 0),
    defaultTtl: Number(desired['default_ttl'] ?? 86_400),
    maximumTtl: Number(desired['max_ttl'] ?? 31_536_000),
    brotli: parameters['enable_accept_encoding_brotli'] === true,
    gzip: parameters['enable_accept_encoding_gzip'] === true,
    ...readSelections(parameters),
  };
}

/** Reads `aws_cloudfront_origin_request_policy`. */
export function readOriginRequestPolicy(desired: Attributes): OriginRequestPolicy {
  return readSelections(desired);
}

function readSelections(desired: Attributes): OriginRequestPolicy {
  const read = (config: string, behaviour: string, list: string): Selection => {
    const settings = block(desired[config]) ?? {};
    const items = block(settings[list])?.['items'];
    return {
      behaviour: String(settings[behaviour] ?? 'none'),
      items: Array.isArray(items) ? items.map((item) => String(item)) : [],
    };
  };
  const headers = read('headers_config', 'header_behavior', 'headers');
  return {
    headers: { ...headers, items: headers.items.map((name) => name.toLowerCase()) },
    cookies: read('cookies_config', 'cookie_behavior', 'cookies'),
    queryStrings: read('query_strings_config', 'query_string_behavior', 'query_strings'),
  };
}

/**
 * Reads `aws_cloudfront_response_headers_policy`. A content security policy that admits an AWS host also admits
 * `localEndpoint`, since on this machine that is where the AWS host's service answers.
 */
export function readResponseHeadersPolicy(desired: Attributes, localEndpoint: string): ResponseHeadersPolicy {
  const custom = blocks(block(desired['custom_headers_config'])?.['items']).map((item) => ({
    name: String(item['header']).toLowerCase(),
    value: String(item['value']),
    override: item['override'] === true,
  }));
  const removed = blocks(block(desired['remove_headers_config'])?.['items']);
  const cors = block(desired['cors_config']);
  return {
    headers: [...securityHeaders(block(desired['security_headers_config']) ?? {}, localEndpoint), ...custom],
    remove: removed.map((item) => String(item['header']).toLowerCase()),
    cors: cors && readCors(cors),
  };
}

function securityHeaders(security: Attributes, localEndpoint: string): ResponseHeadersPolicy['headers'] {
  const headers: ResponseHeadersPolicy['headers'] = [];
  const add = (name: string, argument: string, textOf: (settings: Attributes) => string) => {
    const settings = block(security[argument]);
    if (settings) headers.push({ name, value: textOf(settings), override: settings['override'] === true });
  };
  add('content-security-policy', 'content_security_policy', (settings) =>
    withLocalEndpoint(String(settings['content_security_policy']), localEndpoint),
  );
  add('x-content-type-options', 'content_type_options', () => 'nosniff');
  add('x-frame-options', 'frame_options', (settings) => String(settings['frame_option']));
  add('referrer-policy', 'referrer_policy', (settings) => String(settings['referrer_policy']));
  add('strict-transport-security', 'strict_transport_security', (settings) =>
    [
      `max-age=${String(settings['access_control_max_age_sec'])}`,
      ...(settings['include_subdomains'] === true ? ['includeSubDomains'] : []),
      ...(settings['preload'] === true ? ['preload'] : []),
    ].join('; '),
  );
  add('x-xss-protection', 'xss_protection', (settings) => {
    if (settings['protection'] !== true) return '0';
    return settings['mode_block'] === true ? '1; mode=block' : '1';
  });
  return headers;
}

function withLocalEndpoint(policy: string, localEndpoint: string): string {
  return policy
    .split(';')
    .map((directive) =>
      /https:\/\/[\w*.-]+\.amazonaws\.com/.test(directive) ? `${directive} ${localEndpoint}` : directive,
    )
    .join(';');
}

function readCors(cors: Attributes): CorsPolicy {
  const items = (name: string) => {
    const list = block(cors[name])?.['items'];
    return Array.isArray(list) ? list.map((item) => String(item)) : [];
  };
  return {
    credentials: cors['access_control_allow_credentials'] === true,
    headers: items('access_control_allow_headers'),
    methods: items('access_control_allow_methods'),
    origins: items('access_control_allow_origins'),
    exposeHeaders: items('access_control_expose_headers'),
    maxAge:
      typeof cors['access_control_max_age_sec'] === 'number' ? cors['access_control_max_age_sec'] : undefined,
    originOverride: cors['origin_override'] === true,
  };
}
