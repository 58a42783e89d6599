import { createHash } from 'node:crypto';
import { block } from '../../core/blocks.ts';
import type { Cloud } from '../../core/cloud.ts';
import type { ResourceHandler } from '../../core/service.ts';
import { parseFilter } from './filter-parser.ts';
import type { FindGroup } from './filter-sql.ts';
import { flag, type Input, invalid, isObject, text } from './input.ts';

export interface Group {
  GroupName: string;
  GroupARN: string;
  FilterExpression: string;
  InsightsConfiguration: { InsightsEnabled: boolean; NotificationsEnabled: boolean };
}

const NAME = /^[\p{L}\p{N}_.-]{1,32}$/u;
const MOST_GROUPS = 25;

/** The groups of traces: filter expressions with a name. They last. */
export interface Groups {
  all(): Group[];
  /** The group that a request names. Throws `InvalidRequestException` when there is none. */
  existing(input: Input): Group;
  /** Throws `InvalidRequestException` when a name or ARN is given that no group has. */
  named(name: string | undefined, arn: string | undefined): Group | undefined;
  find: FindGroup;
  create(input: Input): Promise<Group>;
  update(input: Input): Promise<Group>;
  remove(input: Input): Promise<void>;
  /** `aws_xray_group`. */
  resource: ResourceHandler;
}

export async function openGroups(cloud: Cloud): Promise<Groups> {
  const state = cloud.state.namespace('xray-groups');
  const groups = new Map<string, Group>();
  for (const { value } of await state.list<Group>()) groups.set(value.GroupName, value);

  /** The same name is the same group, also when it is made anew. */
  function arnOf(name: string): string {
    const id = createHash('sha256').update(name).digest('hex').slice(0, 32).toUpperCase();
    return `arn:aws:xray:${cloud.region}:${cloud.accountId}:group/${name}/${id}`;
  }

  async function keep(group: Group): Promise<Group> {
    await state.put(group.GroupName, group);
    groups.set(group.GroupName, group);
    return group;
  }

  function named(name: string | undefined, arn: string | undefined): Group | undefined {
    if (name === undefined && arn === undefined) return undefined;
    const found = [...groups.values()].find((group) =>
      name === undefined ? group.GroupARN === arn : group.GroupName === name,
    );
    if (!found) throw invalid('Group not found');
    return found;
  }

  function existing(input: Input): Group {
    const group = named(text(input, 'GroupName'), text(input, 'GroupARN'));
    if (!group) throw invalid('GroupName or GroupARN is required.');
    return group;
  }

  async function create(input: Input): Promise<Group> {
    const name = text(input, 'GroupName') ?? '';
    if (!NAME.test(name))
      throw invalid('GroupName must have 1 to 32 letters, digits, dots, dashes or underscores.');
    if (name === 'Default') throw invalid('The group name Default is reserved.');
    if (groups.has(name)) throw invalid('Group name is already in use.');
    if (groups.size >= MOST_GROUPS) throw invalid('The maximum number of groups has been reached.');
    return keep({
      GroupName: name,
      GroupARN: arnOf(name),
      FilterExpression: filterOf(input),
      InsightsConfiguration: insightsOf(input['InsightsConfiguration']),
    });
  }

  return {
    all: () => [...groups.values()],
    named,
    existing,
    find: (by, value) =>
      [...groups.values()].find((group) => (by === 'name' ? group.GroupName : group.GroupARN) === value)
        ?.FilterExpression,
    create,
    async update(input) {
      const group = existing(input);
      return keep({
        ...group,
        ...(input['FilterExpression'] === undefined ? {} : { FilterExpression: filterOf(input) }),
        ...(input['InsightsConfiguration'] === undefined
          ? {}
          : { InsightsConfiguration: insightsOf(input['InsightsConfiguration']) }),
      });
    },
    async remove(input) {
      const { GroupName: name } = existing(input);
      await state.delete(name);
      groups.delete(name);
    },
    resource: {
      async apply({ desired }) {
        const name = String(desired['group_name']);
        const insights = block(desired['insights_configuration']);
        const group = await keep({
          GroupName: name,
          GroupARN: arnOf(name),
          FilterExpression: filterOf({ FilterExpression: desired['filter_expression'] }),
          InsightsConfiguration: insightsOf({
            InsightsEnabled: insights?.['insights_enabled'],
            NotificationsEnabled: insights?.['notifications_enabled'],
          }),
        });
        return { ...desired, id: group.GroupARN, arn: group.GroupARN, tags_all: desired['tags'] ?? {} };
      },
      async remove(_address, previous) {
        const name = String(previous['group_name']);
        await state.delete(name);
        groups.delete(name);
      },
    },
  };
}

/** A group without a filter holds every trace. */
function filterOf(input: Input): string {
  const expression = text(input, 'FilterExpression') ?? '';
  if (expression.trim() !== '') parseFilter(expression);
  return expression;
}

function insightsOf(value: unknown): Group['InsightsConfiguration'] {
  const input = isObject(value) ? value : {};
  return {
    InsightsEnabled: flag(input, 'InsightsEnabled'),
    NotificationsEnabled: flag(input, 'NotificationsEnabled'),
  };
}
