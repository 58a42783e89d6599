import type { Wanted } from '../../core/access.ts';
import type { BusEntry, Cloud, Targets } from '../../core/cloud.ts';
import { AwsError } from '../../core/errors.ts';

type Deliver = (arn: string, payload: unknown, options: { traceHeader?: string }) => Promise<void>;

/** What it takes to send to a target of each service. */
const actions: Readonly<Record<string, readonly string[]>> = {
  lambda: ['lambda:InvokeFunction'],
  states: ['states:StartExecution'],
  sqs: ['sqs:SendMessage'],
  events: ['events:PutEvents'],
  logs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
};

/** A log group is written by the day. */
const logStream = () => `events/${new Date().toISOString().slice(0, 10)}`;

function wantedOf(targetArn: string): Wanted[] {
  const service = serviceOf(targetArn);
  const isLogs = service === 'logs';
  const resource = isLogs ? `${targetArn.replace(/:\*$/u, '')}:log-stream:${logStream()}` : targetArn;
  return (actions[service] ?? []).map((action) => ({ action, resource }));
}

/** The services that a rule can send to here. */
export const targetServices = ['lambda', 'states', 'sqs', 'events', 'logs'];

/** The service part of an ARN, for example `lambda`. */
export function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}

export function createTargets(cloud: Cloud): Targets {
  const { ports } = cloud;
  const byService: Record<string, Deliver | undefined> = {
    lambda: (arn, payload, options) => ports.functions.enqueue(arn, payload, options),
    states: async (arn, payload, options) => {
      await ports.stateMachines.start(arn, JSON.stringify(payload), options);
    },
    sqs: (arn, payload, options) => ports.queues.send(arn, JSON.stringify(payload), {}, options),
    events: async (arn, payload, options) => {
      await ports.buses.put([{ ...busEntry(payload), busName: arn, ...options }]);
    },
    logs: async (arn, payload) => {
      const group = arn.split(':log-group:')[1]?.replace(/:\*$/u, '') ?? '';
      ports.logs.write(group, logStream(), [{ time: Date.now(), message: JSON.stringify(payload) }]);
    },
  };
  return {
    async deliver(targetArn, payload, { caller, ...options }) {
      const deliver = byService[serviceOf(targetArn)];
      if (!deliver) {
        throw new AwsError('NotImplemented', `The local cloud cannot send events to ${targetArn}.`, 501);
      }
      cloud.ports.access.require(caller, ...wantedOf(targetArn));
      await deliver(targetArn, payload, options);
    },
  };
}

function busEntry(payload: unknown): BusEntry {
  const event = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>;
  const { source, detail, resources, time, 'detail-type': detailType } = event;
  if (typeof source !== 'string' || typeof detailType !== 'string') {
    throw new AwsError('ValidationException', 'Only a whole event can be sent to an event bus.');
  }
  const entry: BusEntry = { source, detailType, detail };
  if (Array.isArray(resources)) entry.resources = resources.filter((each) => typeof each === 'string');
  if (typeof time === 'string') entry.time = new Date(time);
  return entry;
}
