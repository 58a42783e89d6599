import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environments } from './settings.ts';
import { sales } from './testing/orders.ts';
import { only, type Synthesized, Workbench } from './testing/synthesis.ts';

const bench = new Workbench([sales]);
let console: Synthesized;

beforeAll(async () => {
  await bench.synthesize('cdktf.out');
  console = bench.stack('cdktf.out', 'console');
}, 60_000);
afterAll(() => bench.remove());

interface HeadersPolicy {
  security_headers_config: Record<string, Record<string, unknown>>;
  custom_headers_config: { items: { header: string; value: string; override: boolean }[] };
  remove_headers_config: { items: { header: string }[] };
}

function headersOf(path: string): HeadersPolicy {
  return only(
    console,
    'aws_cloudfront_response_headers_policy',
    `front-door_${path}`,
  ) as unknown as HeadersPolicy;
}

describe('the front door', () => {
  it('serves the bucket by default and the API below /api/, each with headers of its own', () => {
    const distribution = only(console, 'aws_cloudfront_distribution');
    expect(distribution).toMatchObject({
      http_version: 'http2and3',
      web_acl_id: '${aws_wafv2_web_acl.firewall_acl.arn}',
      default_cache_behavior: {
        target_origin_id: 'console',
        viewer_protocol_policy: 'redirect-to-https',
        response_headers_policy_id: '${aws_cloudfront_response_headers_policy.front-door_headers.id}',
      },
      ordered_cache_behavior: [
        {
          path_pattern: '/api/*',
          target_origin_id: 'api',
          viewer_protocol_policy: 'redirect-to-https',
          response_headers_policy_id: '${aws_cloudfront_response_headers_policy.front-door_api-headers.id}',
        },
      ],
    });
    expect(distribution).not.toHaveProperty('custom_error_response');
  });

  it('tells what others need', () => {
    const told = Object.keys(console.output).filter((name) => !name.startsWith('cross-stack'));
    expect(told.sort()).toEqual(['consoleBucket', 'consoleDomain', 'distributionId']);
  });

  it('lets the page run and call only what is its own, besides signing in at Cognito', () => {
    const policy = String(
      headersOf('headers').security_headers_config['content_security_policy']?.['content_security_policy'],
    );
    const directives = Object.fromEntries(
      policy.split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(directives).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'connect-src': "'self' https://cognito-idp.us-east-1.amazonaws.com",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
    });
  });

  it.each(['headers', 'api-headers'])('guards every answer by its %s', (path) => {
    const { security_headers_config: security, custom_headers_config: custom } = headersOf(path);
    expect(security).toMatchObject({
      content_type_options: { override: true },
      frame_options: { frame_option: 'DENY', override: true },
      referrer_policy: { referrer_policy: 'strict-origin-when-cross-origin', override: true },
      strict_transport_security: { access_control_max_age_sec: 63_072_000, include_subdomains: true },
    });
    expect(custom.items).toContainEqual({
      header: 'cross-origin-opener-policy',
      value: 'same-origin',
      override: true,
    });
    expect(custom.items).toContainEqual({
      header: 'cross-origin-resource-policy',
      value: 'same-origin',
      override: true,
    });
    expect(custom.items.find(({ header }) => header === 'permissions-policy')?.value).toContain('camera=()');
    expect(headersOf(path).remove_headers_config.items).toContainEqual({ header: 'server' });
  });

  it('lets nobody keep an answer of the API, and files be kept as they say themselves', () => {
    const caching = (path: string) =>
      headersOf(path).custom_headers_config.items.find(({ header }) => header === 'cache-control');
    expect(caching('api-headers')).toMatchObject({ value: 'no-store', override: true });
    expect(caching('headers')).toMatchObject({ value: 'no-store', override: false });
  });
});

describe('the firewall', () => {
  const rules = (stack: Synthesized) =>
    only(stack, 'aws_wafv2_web_acl')['rule'] as {
      name: string;
      priority: number;
      statement: {
        managed_rule_group_statement?: { name: string; rule_action_override: { name: string }[] };
        rate_based_statement?: Record<string, unknown>;
      };
    }[];

  it('stands in us-east-1, where CloudFront looks for it, whatever the region', async () => {
    await bench.synthesize('elsewhere', { region: 'eu-central-1' });
    const elsewhere = bench.stack('elsewhere', 'console');
    expect(elsewhere.provider['aws']).toMatchObject([
      { region: 'eu-central-1' },
      { alias: 'edge', region: 'us-east-1' },
    ]);
    for (const type of [
      'aws_wafv2_web_acl',
      'aws_wafv2_web_acl_logging_configuration',
      'aws_cloudwatch_log_group',
      'aws_cloudwatch_log_resource_policy',
    ]) {
      expect(only(elsewhere, type)['provider'], type).toBe('aws.edge');
    }
  });

  it('lets pass by default, and asks AWS’s rules in order of what they cost least', () => {
    expect(only(console, 'aws_wafv2_web_acl')).toMatchObject({
      scope: 'CLOUDFRONT',
      default_action: { allow: {} },
      visibility_config: { cloudwatch_metrics_enabled: true },
    });
    expect(rules(console).map(({ name, priority }) => `${priority} ${name}`)).toEqual([
      '0 rate',
      '1 ip-reputation',
      '2 known-bad-inputs',
      '3 common',
    ]);
  });

  it('only counts what looks bad in free text, so that logs can be searched for attacks', () => {
    const common = rules(console).find(({ name }) => name === 'common');
    const counted = common?.statement.managed_rule_group_statement?.rule_action_override;
    expect(counted).toContainEqual({ name: 'SizeRestrictions_BODY', action_to_use: { count: {} } });
    expect(counted?.map(({ name }) => name).filter((name) => !/_(BODY|QUERY)/.test(name))).toEqual([]);
  });

  it.each(environments)('refuses an address in %s that asks too often, with 429', async (environment) => {
    const limits = { local: 100_000, dev: 5_000, staging: 50_000, prod: 5_000 };
    await bench.synthesize(`rate-${environment}`, { environment });
    const [rate] = rules(bench.stack(`rate-${environment}`, 'console'));
    expect(rate).toMatchObject({
      statement: {
        rate_based_statement: {
          limit: limits[environment],
          aggregate_key_type: 'IP',
          evaluation_window_sec: 300,
        },
      },
      action: {
        block: {
          custom_response: { response_code: 429, response_header: [{ name: 'retry-after', value: '300' }] },
        },
      },
    });
  });

  it('logs what it refused, without tokens', () => {
    expect(only(console, 'aws_cloudwatch_log_group')['name']).toMatch(/^aws-waf-logs-/);
    expect(only(console, 'aws_wafv2_web_acl_logging_configuration')).toMatchObject({
      log_destination_configs: ['${aws_cloudwatch_log_group.firewall_log.arn}'],
      redacted_fields: [{ single_header: { name: 'authorization' } }, { single_header: { name: 'cookie' } }],
      logging_filter: { default_behavior: 'DROP' },
    });
  });
});
