import type { Cloud } from '../../../core/cloud.ts';
import type { TelemetryStore } from '../../../telemetry/index.ts';
import { runQueries } from '../queries.ts';
import { evaluateComposite, fingerprintOf, inOrder } from './composite/evaluation.ts';
import { type EvaluatedPeriod, evaluateRange, evaluationRange } from './evaluation.ts';
import { leastSamples } from './low-samples.ts';
import { stateReason, stateReasonData } from './reason.ts';
import { type AlarmRecord, isComposite, type MetricAlarmRecord } from './record.ts';
import type { AlarmRegister } from './register.ts';
import { type AlarmSettings, alarmPeriod, alarmQueries, isBreaching, missingDataOf } from './settings.ts';

const TICK_MILLISECONDS = 5_000;

/**
 * Whether the running period may count before it is over. It may when it breaches and more points are not expected to
 * undo that: a sum is not "too low" because its minute has only begun, but it is "too high" as soon as it is.
 */
export function mayCountEarly(settings: AlarmSettings): boolean {
  const isUpward = settings.ComparisonOperator.startsWith('Greater');
  if (settings.Metrics) return isUpward;
  switch (settings.Statistic) {
    case 'Sum':
    case 'SampleCount':
    case 'Maximum':
      return isUpward;
    case 'Minimum':
      return !isUpward;
    default:
      return true;
  }
}

/** How many samples each period has, by its time. */
async function samplesOf(
  store: TelemetryStore,
  settings: AlarmSettings,
  from: number,
  to: number,
): Promise<ReadonlyMap<number, number>> {
  const { ExtendedStatistic: _percentile, ...counted } = settings;
  const queries = alarmQueries({ ...counted, Statistic: 'SampleCount' });
  const [result] = await runQueries(store, queries, from, to);
  return result?.series[0]?.points ?? new Map();
}

/** The evaluation range of an alarm at a time (epoch milliseconds), oldest period first. */
export async function readRange(
  store: TelemetryStore,
  settings: AlarmSettings,
  now: number,
): Promise<EvaluatedPeriod[]> {
  const period = alarmPeriod(settings) * 1_000;
  const current = Math.floor(now / period) * period;
  const length = evaluationRange(settings.EvaluationPeriods);
  const [result] = await runQueries(
    store,
    alarmQueries(settings),
    current - length * period,
    current + period,
  );
  const points = result?.series[0]?.points ?? new Map<number, number>();
  const least = leastSamples(settings);
  const counts =
    least > 0 ? await samplesOf(store, settings, current - length * period, current + period) : undefined;
  const at = (time: number): EvaluatedPeriod => {
    const value = points.get(time);
    if (value === undefined) return { time };
    const isLowSample = counts !== undefined && (counts.get(time) ?? 0) < least;
    return { time, value, breaching: isBreaching(settings, value), ...(isLowSample ? { isLowSample } : {}) };
  };
  const range = Array.from({ length }, (_, index) => at(current - (length - index) * period));
  const running = at(current);
  return running.breaching && mayCountEarly(settings) ? [...range.slice(1), running] : range;
}

/** Evaluates alarms while it runs: each at least every five seconds in which it could have changed. */
export function createEvaluator(
  cloud: Cloud,
  store: TelemetryStore,
  register: AlarmRegister,
  flushOutbox: () => Promise<void>,
) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  /** What an alarm looked like when it was last evaluated; unchanged means that the outcome is. */
  const seen = new WeakMap<AlarmRecord, string>();

  function fingerprint(alarm: MetricAlarmRecord, now: number): string {
    const revisions = alarmQueries(alarm.settings).map((query) =>
      query.kind === 'metric' ? store.revision(query.metric) : 0,
    );
    return `${Math.floor(now / (alarmPeriod(alarm.settings) * 1_000))} ${revisions.join(' ')}`;
  }

  async function evaluateOne(name: string, now: number): Promise<void> {
    const alarm = register.get(name);
    if (!alarm || isComposite(alarm) || (alarm.heldUntil ?? 0) > now) return;
    const looks = fingerprint(alarm, now);
    if (seen.get(alarm) === looks) return;
    const { settings } = alarm;
    const range = await readRange(store, settings, now);
    const evaluation = evaluateRange(range, {
      evaluationPeriods: settings.EvaluationPeriods,
      datapointsToAlarm: settings.DatapointsToAlarm ?? settings.EvaluationPeriods,
      missingData: missingDataOf(settings),
    });
    seen.set(alarm, looks);
    if (!evaluation) return;
    await register.changeState(name, (current) => {
      if (current !== alarm || current.state.value === evaluation.state) return undefined;
      return {
        value: evaluation.state,
        reason: stateReason(settings, current.state.value, evaluation),
        reasonData: stateReasonData(settings, evaluation, now),
      };
    });
  }

  /** Each after the alarms that it asks about. */
  async function evaluateComposites(): Promise<void> {
    for (const { settings } of inOrder(register.all().filter(isComposite))) {
      const name = settings.AlarmName;
      await register.changeState(name, (alarm) => {
        if (!isComposite(alarm)) return undefined;
        const isHeld = alarm.heldAgainst === fingerprintOf(alarm, register.get);
        return isHeld ? undefined : evaluateComposite(alarm, register.get);
      });
      await register.settleSuppression(name);
    }
  }

  async function evaluateAll(names: string[]): Promise<void> {
    for (const name of names) {
      try {
        await evaluateOne(name, Date.now());
      } catch (error) {
        cloud.logger.error('An alarm could not be evaluated.', { alarm: name, reason: String(error) });
      }
    }
    try {
      await evaluateComposites();
    } catch (error) {
      cloud.logger.error('Composite alarms could not be evaluated.', { reason: String(error) });
    }
    await flushOutbox();
  }

  function enqueue(names: () => string[]): Promise<void> {
    const turn = (running ?? Promise.resolve()).then(() => evaluateAll(names()));
    running = turn;
    return turn;
  }

  const allNames = () => register.all().map(({ settings }) => settings.AlarmName);

  function schedule(): void {
    timer = setTimeout(() => {
      void enqueue(allNames).then(() => {
        if (timer) schedule();
      });
    }, TICK_MILLISECONDS);
  }

  return {
    /** Evaluates all alarms, or just one, now. */
    evaluate: (name?: string) => enqueue(name === undefined ? allNames : () => [name]),
    start() {
      void enqueue(allNames);
      schedule();
    },
    async stop() {
      clearTimeout(timer);
      timer = undefined;
      await running;
    },
  };
}
