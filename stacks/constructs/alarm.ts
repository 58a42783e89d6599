import { CloudwatchMetricAlarm, type CloudwatchMetricAlarmConfig, type Construct } from '../cdktf.ts';
import { SkafuStack } from '../skafu-stack.ts';

export interface AlarmProps
  extends Pick<CloudwatchMetricAlarmConfig, 'namespace' | 'metricName' | 'dimensions' | 'unit'> {
  /** What it means for whoever is called, in a sentence. */
  means: string;
  /** What to do first, in a sentence. */
  act: string;
  /** The section of `docs/on-call.md` that tells the rest. */
  section: string;
  /** By default the highest value of each minute, or the lowest where `below` is the bound. */
  statistic?: 'Sum' | 'Average';
  /** The last value that is still fine, from which side. */
  fine: { upTo: number } | { from: number };
  /** How many of the last minutes must be beyond. */
  minutes: { beyond: number; of: number };
  /** When no data is itself the trouble. By default it is no reason to call anybody. */
  missing?: 'breaching';
}

/** An alarm on the values of each minute. Its description tells what to do. */
export class Alarm extends CloudwatchMetricAlarm {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    const { means, act, section, statistic, fine, minutes, missing, ...metric } = props;
    const high = 'upTo' in fine;
    super(scope, id, {
      ...metric,
      alarmName: `skafu-${SkafuStack.of(scope).settings.environment}-operations-${id}`,
      alarmDescription: `${means} ${act} See docs/on-call.md#${anchorOf(section)}.`,
      statistic: statistic ?? (high ? 'Maximum' : 'Minimum'),
      comparisonOperator: high ? 'GreaterThanThreshold' : 'LessThanThreshold',
      threshold: high ? fine.upTo : fine.from,
      period: 60,
      datapointsToAlarm: minutes.beyond,
      evaluationPeriods: minutes.of,
      treatMissingData: missing ?? 'notBreaching',
    });
  }
}

/** How a heading of Markdown is linked to. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
