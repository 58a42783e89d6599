import { parseStatistic } from '../statistics.ts';
import type { AlarmSettings } from './settings.ts';

const SAMPLES_BEYOND = 10;

/**
 * How many samples a period must have for its percentile to count: ten beyond it on its shorter side. 0 where the alarm
 * does not mind. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
export function leastSamples(settings: AlarmSettings): number {
  const { ExtendedStatistic: text, EvaluateLowSampleCountPercentile: mode } = settings;
  if (mode !== 'ignore' || text === undefined) return 0;
  const statistic = parseStatistic(text);
  if (statistic.kind !== 'percentile') return 0;
  const { fraction } = statistic;
  const share = fraction >= 0.5 ? 1 - fraction : fraction;
  // 1 - 0.9 is a little less than a tenth.
  return share > 0 ? Math.round(SAMPLES_BEYOND / share) : 0;
}
