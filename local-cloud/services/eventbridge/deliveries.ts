import type { Caller } from '../../core/access.ts';
import type { Cloud, Targets } from '../../core/cloud.ts';
import {
  type Attempted,
  createDeliveries,
  type Deliveries as DeliveriesOf,
  type DeliveryOptions,
  type Step,
} from '../../core/deliveries.ts';
import { failureCode } from '../../core/delivery-errors.ts';
import type { StateNamespace } from '../../core/state.ts';
import { recordDelivery } from './metrics.ts';

/** One event on its way to one target of a rule. */
export interface Delivery extends Attempted {
  /** The role that it is sent as; without one, the policy of the target decides. */
  roleArn?: string;
  ruleArn: string;
  ruleName: string;
  busName: string;
  payload: unknown;
  traceHeader?: string;
}

export type Deliveries = DeliveriesOf<Delivery>;

const ofEvents = { type: 'service', service: 'events.amazonaws.com' } as const;

function callerOf({ roleArn, ruleArn, ruleName }: Delivery): Caller {
  return roleArn === undefined
    ? { ...ofEvents, sourceArn: ruleArn }
    : { type: 'role', roleArn, session: ruleName };
}

const metricsOf = {
  attempted: ['InvocationAttempts'],
  retried: ['RetryInvocationAttempts'],
  arrived: ['Invocations', 'SuccessfulInvocationAttempts'],
  'given up': ['Invocations', 'FailedInvocations'],
  'sent to the dead-letter queue': ['InvocationsSentToDlq'],
  'refused by the dead-letter queue': ['InvocationsFailedToBeSentToDlq'],
} as const satisfies Record<Step, readonly string[]>;

/** Deliveries from rules to their targets. */
export function createRuleDeliveries(
  cloud: Cloud,
  state: StateNamespace,
  options: DeliveryOptions = {},
): Deliveries {
  /** Faults on purpose: what goes to a target may come late or fail, be lost, or come twice. */
  async function deliver(...sent: Parameters<Targets['deliver']>): Promise<void> {
    const [targetArn] = sent;
    await cloud.faults.strike('events:Deliver', targetArn);
    const strikes = cloud.faults.strikes('events:Deliver', targetArn, ['drop', 'duplicate']);
    if (strikes.some(({ kind }) => kind === 'drop')) return;
    await cloud.ports.targets.deliver(...sent);
    for (const _ of strikes) await cloud.ports.targets.deliver(...sent);
  }

  return createDeliveries<Delivery>(
    cloud,
    state,
    {
      async send(delivery) {
        const { targetArn, payload, traceHeader } = delivery;
        const traced = traceHeader === undefined ? {} : { traceHeader };
        await deliver(targetArn, payload, { caller: callerOf(delivery), ...traced });
      },
      count(delivery, step) {
        for (const name of metricsOf[step]) recordDelivery(cloud.telemetry, delivery, name);
      },
      deadLetter({ ruleArn, targetArn, payload }, { error, condition, attempts }) {
        const attributes: Record<string, string> = {
          RULE_ARN: ruleArn,
          TARGET_ARN: targetArn,
          ERROR_CODE: failureCode(error),
          ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
          RETRY_ATTEMPTS: String(attempts - 1),
        };
        if (condition !== 'Permanent') attributes['EXHAUSTED_RETRY_CONDITION'] = condition;
        return { caller: { ...ofEvents, sourceArn: ruleArn }, body: JSON.stringify(payload), attributes };
      },
      sourceOf: ({ ruleArn }) => ruleArn,
    },
    options,
  );
}
