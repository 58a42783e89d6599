import type { Cloud } from '../../core/cloud.ts';
import type { Archives } from './archives.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import type { Event } from './event.ts';
import { recordDelivery, recordMatch, recordTrigger } from './metrics.ts';
import type { RecentEvents } from './recent-events.ts';
import type { Registry, Rule, Target } from './registry.ts';
import { targetInput } from './target-input.ts';

export interface Routed {
  busName: string;
  event: Event;
  traceHeader?: string;
  /** ARNs of the only rules that may get it, of a replay. */
  rules?: ReadonlySet<string>;
}

/** Finds the rules that events match and hands one delivery per target on, durable when it returns. */
export interface Router {
  route(events: Routed[]): Promise<void>;
  /** Sends an event to the targets of one rule; `alongside` is written in the same batch. */
  trigger(rule: Rule, event: Event, alongside: { put: string; value: unknown }[]): Promise<void>;
}

export function createRouter(
  cloud: Cloud,
  registry: Registry,
  deliveries: Deliveries,
  recent: RecentEvents,
  archives: Archives,
): Router {
  function deliveriesOf(rule: Rule, event: Event, traceHeader: string | undefined): Delivery[] {
    const targets = registry.targets(rule);
    if (targets.length > 0) recordTrigger(cloud.telemetry, { ruleName: rule.name, busName: rule.busName });
    return targets.flatMap((target) => {
      const delivery = deliveryOf(cloud, rule, target, event);
      if (!delivery) return [];
      return [traceHeader === undefined ? delivery : { ...delivery, traceHeader }];
    });
  }

  return {
    async route(events) {
      const matched = events.flatMap(({ busName, event, traceHeader, rules: only }) => {
        const rules = registry
          .rules(busName)
          .filter((rule) => rule.enabled && (only?.has(rule.arn) ?? true) && rule.matches?.(event));
        recent.add({ busName, event, rules: rules.map(({ name }) => name) });
        return rules.flatMap((rule) => {
          recordMatch(cloud.telemetry, { ruleName: rule.name, busName });
          return deliveriesOf(rule, event, traceHeader);
        });
      });
      const archived = events.flatMap(({ busName, event }) => archives.writesFor(busName, event));
      if (matched.length + archived.length > 0) await deliveries.accept(matched, archived);
    },
    async trigger(rule, event, alongside) {
      await deliveries.accept(deliveriesOf(rule, event, undefined), alongside);
    },
  };
}

function deliveryOf(cloud: Cloud, rule: Rule, target: Target, event: Event): Delivery | undefined {
  const base = {
    targetArn: target.arn,
    ...(target.roleArn === undefined ? {} : { roleArn: target.roleArn }),
    ruleArn: rule.arn,
    ruleName: rule.name,
    busName: rule.busName,
    acceptedAt: cloud.clock.now(),
    attempts: 0,
    maximumRetryAttempts: target.maximumRetryAttempts,
    maximumEventAgeInSeconds: target.maximumEventAgeInSeconds,
    ...(target.deadLetterArn === undefined ? {} : { deadLetterArn: target.deadLetterArn }),
  };
  try {
    return { ...base, payload: targetInput(target, event, rule) };
  } catch (error) {
    recordDelivery(cloud.telemetry, base, 'FailedInvocations');
    cloud.logger.warn('The input of a target could not be made', { rule: rule.arn, error: String(error) });
    return undefined;
  }
}
