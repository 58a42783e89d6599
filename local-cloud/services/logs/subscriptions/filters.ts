import type { Cloud } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import { type FilterPattern, parseFilterPattern } from '../patterns/filter-pattern.ts';

/** As DescribeSubscriptionFilters answers it. */
export interface SubscriptionFilter {
  filterName: string;
  logGroupName: string;
  filterPattern: string;
  destinationArn: string;
  roleArn?: string;
  distribution: 'ByLogStream' | 'Random';
  /** Epoch milliseconds. */
  creationTime: number;
}

export interface Subscription {
  key: string;
  filter: SubscriptionFilter;
  pattern: FilterPattern;
}

export interface SubscriptionFilters {
  /** In order of name; none costs nothing, for every line asks. */
  ofGroup(group: string): readonly Subscription[];
  get(key: string): Subscription | undefined;
  /** Throws `InvalidParameterException` for a bad pattern, `LimitExceededException` for a third filter of a group. */
  put(filter: SubscriptionFilter): Promise<void>;
  /** False when there is none of that name. */
  remove(group: string, name: string): Promise<boolean>;
  removeGroup(group: string): Promise<void>;
}

const MOST_FILTERS = 2;
const NONE: readonly Subscription[] = [];

const keyOf = (group: string, name: string) =>
  `subscription-filter/${encodeURIComponent(group)}/${encodeURIComponent(name)}`;

/** The subscription filters of the cloud: in memory for every line that is written, durable in the state. */
export async function createSubscriptionFilters(cloud: Cloud): Promise<SubscriptionFilters> {
  const state = cloud.state.namespace('logs');
  const groups = new Map<string, readonly Subscription[]>();

  function keep(group: string, subscriptions: Subscription[]): void {
    if (subscriptions.length === 0) groups.delete(group);
    else
      groups.set(
        group,
        subscriptions.sort((a, b) => (a.key < b.key ? -1 : 1)),
      );
  }
  const ofGroup = (group: string) => groups.get(group) ?? NONE;
  const others = (group: string, key: string) => ofGroup(group).filter((each) => each.key !== key);

  for (const { key, value: filter } of await state.list<SubscriptionFilter>('subscription-filter/')) {
    const { logGroupName, filterPattern } = filter;
    keep(logGroupName, [
      ...ofGroup(logGroupName),
      { key, filter, pattern: parseFilterPattern(filterPattern) },
    ]);
  }

  async function remove(group: string, key: string): Promise<void> {
    await state.delete(key);
    keep(group, others(group, key));
  }

  return {
    ofGroup,
    get: (key) => [...groups.values()].flat().find((each) => each.key === key),
    async put(filter) {
      const group = filter.logGroupName;
      const key = keyOf(group, filter.filterName);
      const pattern = parseFilterPattern(filter.filterPattern);
      if (others(group, key).length >= MOST_FILTERS) {
        throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
      }
      const standing = ofGroup(group).find((each) => each.key === key);
      const kept = { ...filter, creationTime: standing?.filter.creationTime ?? filter.creationTime };
      await state.put(key, kept);
      keep(group, [...others(group, key), { key, filter: kept, pattern }]);
    },
    async remove(group, name) {
      const key = keyOf(group, name);
      if (!ofGroup(group).some((each) => each.key === key)) return false;
      await remove(group, key);
      return true;
    },
    async removeGroup(group) {
      for (const { key } of [...ofGroup(group)]) await remove(group, key);
    },
  };
}
