import type { Wanted } from '../../core/access.ts';
import { passRole } from '../../core/pass-role.ts';
import { busNameOf } from './registry.ts';

type Input = Record<string, unknown>;

const ofBuses = ['CreateEventBus', 'DeleteEventBus', 'DescribeEventBus', 'UpdateEventBus'];

/** What an operation of EventBridge has to be allowed to do; `prefix` is `arn:aws:events:<region>:<account>`. */
export function wantedOfEvents(operation: string, input: Input, prefix: string): readonly Wanted[] {
  const action = `events:${operation}`;
  const bus = (name: unknown) =>
    `${prefix}:event-bus/${busNameOf(name === undefined ? undefined : String(name))}`;
  if (operation === 'PutEvents') {
    const entries: unknown[] = Array.isArray(input['Entries']) ? input['Entries'] : [];
    const buses = new Set(
      entries.map((entry) => bus((entry as Input | null)?.['EventBusName'] ?? undefined)),
    );
    return [...buses].map((resource) => ({ action, resource }));
  }
  if (ofBuses.includes(operation)) return [{ action, resource: bus(input['Name']) }];
  if (/Archive$|Replay$/u.test(operation)) {
    const kind = operation.endsWith('Archive') ? 'archive' : 'replay';
    const archived = operation === 'StartReplay' ? input['EventSourceArn'] : undefined;
    const own = `${prefix}:${kind}/${input['ArchiveName'] ?? input['ReplayName']}`;
    return [{ action, resource: archived === undefined ? own : String(archived) }];
  }
  if (input['ResourceARN'] !== undefined) return [{ action, resource: String(input['ResourceARN']) }];
  const rule =
    operation.startsWith('List') && operation !== 'ListTargetsByRule'
      ? undefined
      : (input['Rule'] ?? input['Name']);
  if (rule === undefined) return [{ action, resource: '*' }];
  const busName = busNameOf(input['EventBusName'] === undefined ? undefined : String(input['EventBusName']));
  const path = busName === 'default' ? rule : `${busName}/${rule}`;
  return [{ action, resource: `${prefix}:rule/${path}` }, ...passedRoles(operation, input)];
}

/** The roles as which EventBridge is to send: of a rule for all of its targets, or of a target. */
function passedRoles(operation: string, input: Input): readonly Wanted[] {
  if (operation !== 'PutRule' && operation !== 'PutTargets') return [];
  const targets: unknown[] = Array.isArray(input['Targets']) ? input['Targets'] : [];
  const roles = [input, ...targets].map((each) => (each as Input | null)?.['RoleArn']);
  return passRole('events.amazonaws.com', ...roles);
}
