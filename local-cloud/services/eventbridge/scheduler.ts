import type { Cloud } from '../../core/cloud.ts';
import { createFirings, type Timed } from '../../core/firings.ts';
import type { StateNamespace } from '../../core/state.ts';
import { createEvent } from './event.ts';
import type { Registry, Rule } from './registry.ts';
import type { Router } from './router.ts';

/** Fires the scheduled rules. Firings that were due while nothing ran are skipped. */
export interface Scheduler {
  start(): Promise<void>;
  /** Looks again at one rule after it was put or changed. */
  changed(rule: Rule): Promise<void>;
  /** Forgets a rule that is gone. */
  removed(ruleArn: string): Promise<void>;
  stop(): Promise<void>;
}

export function createScheduler(
  cloud: Cloud,
  state: StateNamespace,
  registry: Registry,
  router: Router,
): Scheduler {
  const firings = createFirings(cloud.logger, state, cloud.clock);

  function timedOf(rule: Rule): Timed | undefined {
    const { arn: id, schedule, scheduleExpression: expression, enabled } = rule;
    if (!enabled || !schedule || !expression) return undefined;
    return {
      ...{ id, expression, next: schedule.next },
      async fire(due, writes) {
        const event = createEvent(cloud, {
          source: 'aws.events',
          detailType: 'Scheduled Event',
          detail: {},
          resources: [rule.arn],
          time: new Date(due),
        });
        // The firing and its deliveries are one write: after a crash either both stand or neither does.
        await router.trigger(rule, event, writes);
      },
    };
  }

  return {
    start: () => firings.start(registry.rules('default').flatMap((rule) => timedOf(rule) ?? [])),
    async changed(rule) {
      const timed = timedOf(rule);
      if (timed) await firings.put(timed);
      else firings.pause(rule.arn);
    },
    removed: (ruleArn) => firings.remove(ruleArn),
    stop: () => firings.stop(),
  };
}
