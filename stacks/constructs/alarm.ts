import { CloudwatchMetricAlarm, type CloudwatchMetricAlarmConfig, type Construct } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

interface Props
  extends Pick<CloudwatchMetricAlarmConfig, 'namespace' | 'metricName' | 'dimensions' | 'unit'> {
  /** What it means for whoever is called, in a sentence. */
  description: string;
  /** The highest value that is still fine. */
  above: number;
  /** How many of the last minutes must be above. */
  minutes: { above: number; of: number };
}

/** An alarm on the highest value of each minute. No data is no reason to call anybody. */
export class Alarm extends CloudwatchMetricAlarm {
  constructor(scope: Construct, id: string, { description, above, minutes, ...metric }: Props) {
    super(scope, id, {
      ...metric,
      alarmName: `skafu-${SkafuStack.of(scope).settings.environment}-operations-${id}`,
      alarmDescription: description,
      statistic: 'Maximum',
      comparisonOperator: 'GreaterThanThreshold',
      threshold: above,
      period: 60,
      datapointsToAlarm: minutes.above,
      evaluationPeriods: minutes.of,
      treatMissingData: 'notBreaching',
    });
  }
}
