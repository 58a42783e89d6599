import type { Wanted } from '../../core/access.ts';
import { AwsError, notSupported } from '../../core/errors.ts';
import { type Input, isObject } from '../../core/input.ts';
import { passRole } from '../../core/pass-role.ts';
import type { AwsRequest } from '../../core/service.ts';
import { bodyOf } from '../../gateway/protocols.ts';

/** An operation as the address of a request names it, with the members that stand in the address. */
export interface Routed {
  readonly operation: string;
  readonly input: Input;
}

type Operations = Readonly<Record<string, string | undefined>>;

/** Operations by method, of each kind of address. */
const byPath: readonly [path: RegExp, member: string, operations: Operations][] = [
  [/^\/schedules\/?$/u, '', { GET: 'ListSchedules' }],
  [/^\/schedule-groups\/?$/u, '', { GET: 'ListScheduleGroups' }],
  [
    /^\/schedules\/([^/]+)$/u,
    'Name',
    { GET: 'GetSchedule', POST: 'CreateSchedule', PUT: 'UpdateSchedule', DELETE: 'DeleteSchedule' },
  ],
  [
    /^\/schedule-groups\/([^/]+)$/u,
    'Name',
    { GET: 'GetScheduleGroup', POST: 'CreateScheduleGroup', DELETE: 'DeleteScheduleGroup' },
  ],
  [
    /^\/tags\/(.+)$/u,
    'ResourceArn',
    { GET: 'ListTagsForResource', POST: 'TagResource', DELETE: 'UntagResource' },
  ],
];

/** Members that stand in the query of an address, by how they are spelled there. */
const queryMembers: Readonly<Record<string, string>> = {
  groupName: 'GroupName',
  clientToken: 'ClientToken',
  NamePrefix: 'NamePrefix',
  NextToken: 'NextToken',
  ScheduleGroup: 'ScheduleGroup',
  State: 'State',
};

/** Undefined where no operation has such an address. */
export function routeOf({ method, path, query }: AwsRequest): Routed | undefined {
  for (const [pattern, member, operations] of byPath) {
    const match = pattern.exec(path);
    const operation = match ? operations[method] : undefined;
    if (!match || operation === undefined) continue;
    const input: Input = member === '' ? {} : { [member]: decoded(match[1] ?? '') };
    for (const [spelled, name] of Object.entries(queryMembers)) {
      const value = query.get(spelled);
      if (value !== null) input[name] = value;
    }
    const size = query.get('MaxResults');
    if (size !== null) input['MaxResults'] = Number(size);
    if (query.has('TagKeys')) input['TagKeys'] = query.getAll('TagKeys');
    return { operation, input };
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('ValidationException', 'The address of the request is malformed.');
  }
}

/** The operation with its members, those of the body included. Throws `NotImplemented` for any other address. */
export async function readRequest(request: AwsRequest): Promise<Routed> {
  const routed = routeOf(request);
  if (!routed) throw notSupported('scheduler', `${request.method} ${request.path}`);
  return { ...routed, input: { ...(await membersOf(request)), ...routed.input } };
}

async function membersOf(request: AwsRequest): Promise<Input> {
  const body = await bodyOf(request);
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString());
    if (isObject(value)) return value;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new AwsError('SerializationException', 'The body must be a JSON object.');
}

/**
 * What a request has to be allowed to do; `prefix` is `arn:aws:scheduler:<region>:<account>`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export function wantedOfScheduler(request: AwsRequest, prefix: string): readonly Wanted[] {
  const routed = routeOf(request);
  if (!routed) return [];
  const { operation, input } = routed;
  const action = `scheduler:${operation}`;
  if (input['ResourceArn'] !== undefined) return [{ action, resource: String(input['ResourceArn']) }];
  if (input['Name'] === undefined) return [{ action, resource: '*' }];
  if (operation.endsWith('Group')) return [{ action, resource: `${prefix}:schedule-group/${input['Name']}` }];
  const { GroupName, Target } = fieldsOf(request);
  const group = input['GroupName'] ?? (typeof GroupName === 'string' ? GroupName : 'default');
  const resource = `${prefix}:schedule/${group}/${input['Name']}`;
  const passed =
    operation === 'CreateSchedule' || operation === 'UpdateSchedule' ? roleOf(Target) : undefined;
  return [{ action, resource }, ...passRole('scheduler.amazonaws.com', passed)];
}

const roleOf = (target: unknown) => (isObject(target) ? target['RoleArn'] : undefined);

/** A body that cannot be read is refused once it is known that whoever sent it may. */
function fieldsOf({ body }: AwsRequest): Input {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
