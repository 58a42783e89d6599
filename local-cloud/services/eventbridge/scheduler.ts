import type { Cloud } from '../../core/cloud.ts';
import type { StateNamespace } from '../../core/state.ts';
import { createEvent } from './event.ts';
import type { Registry, Rule } from './registry.ts';
import type { Router } from './router.ts';

/** What is kept of a scheduled rule, so that a restart neither repeats a firing nor shifts a rate. */
interface Firing {
  expression: string;
  /** Epoch milliseconds from which a rate counts. */
  anchor: number;
  /** Epoch milliseconds of the last firing that was due. */
  last: number;
}

/** Fires the scheduled rules. Firings that were due while nothing ran are skipped. */
export interface Scheduler {
  start(): Promise<void>;
  /** Looks again at one rule after it was put or changed. */
  changed(rule: Rule): Promise<void>;
  /** Forgets a rule that is gone. */
  removed(ruleArn: string): Promise<void>;
  stop(): Promise<void>;
}

const longestTimer = 60 * 60_000;

export function createScheduler(
  cloud: Cloud,
  state: StateNamespace,
  registry: Registry,
  router: Router,
  now: () => number = Date.now,
): Scheduler {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let started = false;
  const keyOf = (ruleArn: string) => `schedule/${ruleArn}`;

  async function arm(rule: Rule): Promise<void> {
    clearTimeout(timers.get(rule.arn));
    timers.delete(rule.arn);
    const { schedule, scheduleExpression: expression } = rule;
    if (!started || !rule.enabled || !schedule || !expression) return;
    const known = await state.get<Firing>(keyOf(rule.arn));
    const firing = known?.expression === expression ? known : { expression, anchor: now(), last: now() };
    if (firing !== known) await state.put(keyOf(rule.arn), firing);
    const due = schedule.next(Math.max(firing.last, now()), firing.anchor);
    if (due !== undefined && started) wait(rule, firing, due);
  }

  function wait(rule: Rule, firing: Firing, due: number): void {
    const remaining = due - now();
    const timer = setTimeout(
      () => {
        if (remaining > longestTimer) return wait(rule, firing, due);
        const work = fire(rule, firing, due)
          .catch((error: unknown) =>
            cloud.logger.error('A scheduled rule did not fire', { rule: rule.arn, error: String(error) }),
          )
          .finally(() => running.delete(work));
        running.add(work);
      },
      Math.min(Math.max(remaining, 0), longestTimer),
    );
    timers.set(rule.arn, timer);
  }

  async function fire(rule: Rule, firing: Firing, due: number): Promise<void> {
    const event = createEvent(cloud, {
      source: 'aws.events',
      detailType: 'Scheduled Event',
      detail: {},
      resources: [rule.arn],
      time: new Date(due),
    });
    // The firing and its deliveries are one write: after a crash either both stand or neither does.
    await router.trigger(rule, event, [{ put: keyOf(rule.arn), value: { ...firing, last: due } }]);
    if (started && timers.has(rule.arn)) await arm(rule);
  }

  return {
    async start() {
      started = true;
      for (const rule of registry.rules('default')) await arm(rule);
    },
    changed: arm,
    async removed(ruleArn) {
      clearTimeout(timers.get(ruleArn));
      timers.delete(ruleArn);
      await state.delete(keyOf(ruleArn));
    },
    async stop() {
      started = false;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      await Promise.all(running);
    },
  };
}
