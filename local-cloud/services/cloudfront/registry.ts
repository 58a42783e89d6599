import type { CachePolicy, Distribution, OriginRequestPolicy, ResponseHeadersPolicy } from './model.ts';
import {
  managedCachePolicies,
  managedOriginRequestPolicies,
  managedResponseHeadersPolicies,
} from './policies.ts';
import type { ViewerFunction } from './viewer-function.ts';

/** What the Terraform declares, beside AWS's managed policies. */
export class Registry {
  readonly distributions = new Map<string, Distribution>();
  /** By ARN. */
  readonly functions = new Map<string, ViewerFunction>();
  readonly cachePolicies = new Map<string, CachePolicy>(managedCachePolicies());
  readonly originRequestPolicies = new Map<string, OriginRequestPolicy>(managedOriginRequestPolicies());
  readonly responseHeadersPolicies = new Map<string, ResponseHeadersPolicy>(managedResponseHeadersPolicies());

  /** The distribution the front door serves: the first that is enabled. */
  served(): Distribution | undefined {
    return [...this.distributions.values()].find(({ enabled }) => enabled);
  }
}
