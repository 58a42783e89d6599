/** A rule on the platform's own requests that a few calls break, and that recovers soon after they stop. */
export function ruleOnRequests(apiId: string, changes: Record<string, unknown> = {}) {
  return {
    name: 'Many requests',
    severity: 'warning',
    metric: { namespace: 'AWS/ApiGateway', metricName: 'Count', dimensions: { ApiId: apiId } },
    statistic: 'Sum',
    period: 10,
    comparison: 'GreaterThanThreshold',
    threshold: 30,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missingData: 'notBreaching',
    ...changes,
  };
}
