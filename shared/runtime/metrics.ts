/** Our own metrics stand in one namespace, beside AWS's. */
export const metricNamespace = 'Skafu';

/**
 * Records one value by writing a line in CloudWatch's embedded metric format, which costs no call.
 * Format: docs.aws.amazon.com, "Specification: Embedded metric format".
 *
 * @param unit a CloudWatch unit, for example `Seconds`
 */
export function recordMetric(
  name: string,
  value: number,
  unit: 'Count' | 'Seconds' | 'Milliseconds',
  dimensions: Readonly<Record<string, string>>,
): void {
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: name, Unit: unit }],
        },
      ],
    },
    ...dimensions,
    [name]: value,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
