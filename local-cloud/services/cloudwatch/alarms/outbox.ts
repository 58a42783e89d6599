import type { Caller } from '../../../core/access.ts';
import type { Cloud } from '../../../core/cloud.ts';
import type { AlarmRegister } from './register.ts';

/** CloudWatch calls functions under a name of its own. */
function callerOf({ region, accountId }: Cloud, alarmName: string, target: string): Caller {
  const sourceArn = `arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarmName}`;
  const service = target.startsWith('arn:aws:lambda:') ? 'lambda.alarms.cloudwatch' : 'cloudwatch';
  return { type: 'service', service: `${service}.amazonaws.com`, sourceArn };
}

/**
 * Delivers what changes of state left to be told, in order. An event stays until the bus has taken it, so a crash may
 * repeat one but never lose one. An action is tried once, as CloudWatch does, and its outcome stands in the history.
 */
export function createOutbox(cloud: Cloud, register: AlarmRegister) {
  let running: Promise<void> | undefined;
  let again = false;

  async function act(alarmName: string, target: string, payload: object): Promise<void> {
    try {
      await cloud.ports.targets.deliver(target, payload, { caller: callerOf(cloud, alarmName, target) });
      await register.recordAction(alarmName, `Successfully executed action ${target}`);
    } catch (error) {
      cloud.logger.warn('An alarm action failed.', { alarmName, target, reason: String(error) });
      await register.recordAction(alarmName, `Failed to execute action ${target}`);
    }
  }

  async function deliver(): Promise<void> {
    for (const { key, value } of await register.outbox()) {
      if (value.kind === 'event') {
        await cloud.ports.buses.put([{ ...value.entry, time: new Date(value.time) }]);
      } else {
        await act(value.alarmName, value.target, value.payload);
      }
      await register.delivered(key);
    }
  }

  async function run(): Promise<void> {
    do {
      again = false;
      await deliver();
    } while (again);
  }

  /** Delivers all that waits. Failures are logged; the next call tries again. */
  return function flush(): Promise<void> {
    again = true;
    running ??= run()
      .catch((error: unknown) => {
        cloud.logger.error('Alarm events could not be delivered yet.', { reason: String(error) });
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
}
