import { Construct, XraySamplingRule } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

/**
 * How many traces are kept of what asks X-Ray whether to begin one. Who is handed a trace keeps to its decision. Lambda
 * alone begins traces by a rate of its own, one a second and 5 % of those beyond, which nothing can change.
 */
export class TraceSampling extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { environment, tracing } = SkafuStack.of(this).settings;
    new XraySamplingRule(this, 'rule', {
      ruleName: `skafu-${environment}`,
      // Before the account's default of 10,000, and only for what is ours.
      priority: 1000,
      version: 1,
      serviceName: `skafu-${environment}-*`,
      reservoirSize: tracing.eachSecond,
      fixedRate: tracing.share,
      serviceType: '*',
      host: '*',
      httpMethod: '*',
      urlPath: '*',
      resourceArn: '*',
    });
  }
}
