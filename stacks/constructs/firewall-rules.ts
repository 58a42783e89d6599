/** A managed rule group of AWS, and which of its rules only count what they match. */
interface ManagedRules {
  name: string;
  /** For the logs and metrics. */
  metric: string;
  onlyCounted?: readonly string[];
}

/**
 * Rules for documents and query strings of any text: operators search logs for attacks by the attackers' own words, and
 * write about them in comments, and a query of many metrics is longer than 2 KB. The API validates every field itself,
 * answers JSON only, reads no file that a request names, and runs no Java.
 */
const freeTextRules = [
  'SizeRestrictions_BODY',
  'SizeRestrictions_QUERYSTRING',
  'CrossSiteScripting_BODY',
  'CrossSiteScripting_QUERYARGUMENTS',
  'EC2MetaDataSSRF_BODY',
  'EC2MetaDataSSRF_QUERYARGUMENTS',
  'GenericLFI_BODY',
  'GenericLFI_QUERYARGUMENTS',
  'GenericRFI_BODY',
  'GenericRFI_QUERYARGUMENTS',
  'RestrictedExtensions_QUERYARGUMENTS',
];

/** Anonymous addresses are let in: people work from behind VPNs, and the canary comes from a hosting provider's. */
export const managedRules: readonly ManagedRules[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', metric: 'ip-reputation' },
  {
    name: 'AWSManagedRulesKnownBadInputsRuleSet',
    metric: 'known-bad-inputs',
    onlyCounted: ['Log4JRCE_BODY', 'Log4JRCE_QUERYSTRING'],
  },
  { name: 'AWSManagedRulesCommonRuleSet', metric: 'common', onlyCounted: freeTextRules },
];

/**
 * The statement of a managed rule group. The AWS bindings hand statements through as they are, so they stand here in
 * Terraform's spelling, which only `terraform validate` checks.
 */
export function managedStatement({ name, onlyCounted = [] }: ManagedRules) {
  return {
    managed_rule_group_statement: {
      vendor_name: 'AWS',
      name,
      rule_action_override: onlyCounted.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
    },
  };
}

/** Matches the requests of an address beyond so many within five minutes. */
export function rateStatement(requestsPerFiveMinutes: number) {
  return {
    rate_based_statement: {
      limit: requestsPerFiveMinutes,
      evaluation_window_sec: 300,
      aggregate_key_type: 'IP',
    },
  };
}
