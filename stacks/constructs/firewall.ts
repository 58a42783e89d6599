import {
  type AwsProvider,
  CloudwatchLogGroup,
  CloudwatchLogResourcePolicy,
  Construct,
  Wafv2WebAcl,
  Wafv2WebAclLoggingConfiguration,
} from '../cdktf.ts';
import { allow, policyDocument } from '../policy.ts';
import { SkafuStack } from '../skafu-stack.ts';
import { managedRules, managedStatement, rateStatement } from './firewall-rules.ts';

/** Told in the form of every other problem of the API. */
const throttled = JSON.stringify({
  type: 'urn:skafu:problem:throttled',
  title: 'Too many requests',
  status: 429,
  detail: 'Your address has sent too many requests within five minutes; wait, then go on more slowly.',
});

/** Refuses what is known to be bad, and addresses that ask too often, before it reaches console or API. */
export class Firewall extends Construct {
  readonly arn: string;

  /** CloudFront's firewalls and their logs stand in us-east-1, wherever the rest does: that is `provider`. */
  constructor(scope: Construct, id: string, { provider }: { provider: AwsProvider }) {
    super(scope, id);
    const stack = SkafuStack.of(this);
    const acl = new Wafv2WebAcl(this, 'acl', {
      provider,
      name: stack.resourceName('firewall'),
      description: 'In front of the console and the API',
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      customResponseBody: [{ key: 'throttled', contentType: 'APPLICATION_JSON', content: throttled }],
      rule: [
        {
          name: 'rate',
          priority: 0,
          statement: rateStatement(stack.settings.requestsPerFiveMinutes),
          action: {
            block: {
              customResponse: {
                responseCode: 429,
                customResponseBodyKey: 'throttled',
                responseHeader: [{ name: 'retry-after', value: '300' }],
              },
            },
          },
          visibilityConfig: measuredAs('rate'),
        },
        ...managedRules.map((group, index) => ({
          name: group.metric,
          priority: index + 1,
          statement: managedStatement(group),
          overrideAction: { none: {} },
          visibilityConfig: measuredAs(group.metric),
        })),
      ],
      visibilityConfig: measuredAs(stack.resourceName('firewall')),
    });
    this.arn = acl.arn;
    this.logRefusals(acl, provider);
  }

  /** What passes stands in the API's access log; here only what was refused or counted, without anybody's token. */
  private logRefusals(acl: Wafv2WebAcl, provider: AwsProvider): void {
    const stack = SkafuStack.of(this);
    const log = new CloudwatchLogGroup(this, 'log', {
      provider,
      // WAF writes to no group of another beginning.
      name: `aws-waf-logs-${stack.resourceName('firewall')}`,
      retentionInDays: stack.settings.logRetentionDays,
    });
    const mayWrite = new CloudwatchLogResourcePolicy(this, 'log-policy', {
      provider,
      policyName: stack.resourceName('firewall-log'),
      policyDocument: policyDocument([
        allow('logs:CreateLogStream', 'logs:PutLogEvents')
          .to('delivery.logs.amazonaws.com')
          .on(`${log.arn}:*`)
          .from(`arn:aws:logs:us-east-1:${stack.account}:*`),
      ]),
    });
    new Wafv2WebAclLoggingConfiguration(this, 'logging', {
      provider,
      resourceArn: acl.arn,
      logDestinationConfigs: [log.arn],
      redactedFields: ['authorization', 'cookie'].map((name) => ({ singleHeader: { name } })),
      loggingFilter: {
        defaultBehavior: 'DROP',
        filter: [
          {
            behavior: 'KEEP',
            requirement: 'MEETS_ANY',
            condition: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map((action) => ({
              actionCondition: { action },
            })),
          },
        ],
      },
      dependsOn: [mayWrite],
    });
  }
}

function measuredAs(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
