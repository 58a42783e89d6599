import type { Cloud } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Operation, ResourceHandler } from '../../../core/service.ts';
import type { LogGroups } from '../groups.ts';
import { groupOf, type Input, integer, invalidParameter, requiredText, text } from '../input.ts';
import { pageByIndex } from '../paging.ts';
import { checkDestination, checkPermission } from './destination.ts';
import type { SubscriptionFilter, SubscriptionFilters } from './filters.ts';

const MOST_PAGE = 50;
const UNSUPPORTED = ['applyOnTransformedLogs', 'fieldSelectionCriteria', 'emitSystemFields'];

function readFilter(input: Input, now: number): SubscriptionFilter {
  const unsupported = UNSUPPORTED.find((name) => input[name]);
  if (unsupported) {
    throw new AwsError('NotImplemented', `The local cloud does not support ${unsupported} of filters.`, 501);
  }
  const filterPattern = text(input, 'filterPattern');
  if (filterPattern === undefined) {
    throw invalidParameter(
      "1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: Member must not be null",
    );
  }
  const filterName = requiredText(input, 'filterName');
  if (/[:*]/u.test(filterName) || filterName.length > 512) {
    throw invalidParameter('A filterName has at most 512 characters, and neither : nor *.');
  }
  const distribution = text(input, 'distribution') ?? 'ByLogStream';
  if (distribution !== 'ByLogStream' && distribution !== 'Random') {
    throw invalidParameter(`The value ${distribution} of distribution must be Random or ByLogStream.`);
  }
  const logGroupName = requiredText(input, 'logGroupName');
  const destinationArn = requiredText(input, 'destinationArn');
  const roleArn = text(input, 'roleArn');
  checkDestination(destinationArn, logGroupName);
  return {
    filterName,
    logGroupName,
    filterPattern,
    destinationArn,
    ...(roleArn === undefined ? {} : { roleArn }),
    distribution,
    creationTime: now,
  };
}

export function subscriptionOperations(
  cloud: Cloud,
  groups: LogGroups,
  filters: SubscriptionFilters,
): Record<string, Operation> {
  return {
    async PutSubscriptionFilter(input) {
      const { name } = groupOf(groups, input);
      const filter = readFilter({ ...input, logGroupName: name }, cloud.clock.now());
      checkPermission(cloud, groups.arn(name), filter.destinationArn);
      await filters.put(filter);
      return undefined;
    },
    async DeleteSubscriptionFilter(input) {
      const { name } = groupOf(groups, input);
      if (!(await filters.remove(name, requiredText(input, 'filterName')))) {
        throw new AwsError('ResourceNotFoundException', 'The specified subscription filter does not exist.');
      }
      return undefined;
    },
    async DescribeSubscriptionFilters(input) {
      const { name } = groupOf(groups, input);
      const prefix = text(input, 'filterNamePrefix') ?? '';
      const found = filters.ofGroup(name).map(({ filter }) => filter);
      const { page, nextToken } = pageByIndex(
        found.filter(({ filterName }) => filterName.startsWith(prefix)),
        Math.min(integer(input, 'limit') ?? MOST_PAGE, MOST_PAGE),
        text(input, 'nextToken'),
      );
      return { subscriptionFilters: page, ...(nextToken === undefined ? {} : { nextToken }) };
    },
  };
}

/**
 * `aws_cloudwatch_log_subscription_filter`. The permission is not asked for here: the provider tries again for minutes
 * until the `aws_lambda_permission`, on which nothing makes it depend, stands as well.
 */
export function subscriptionFilterResource(cloud: Cloud, filters: SubscriptionFilters): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const filter = readFilter(
        {
          filterName: desired['name'],
          logGroupName: desired['log_group_name'],
          filterPattern: desired['filter_pattern'] ?? '',
          destinationArn: desired['destination_arn'],
          roleArn: desired['role_arn'],
          distribution: desired['distribution'],
          applyOnTransformedLogs: desired['apply_on_transformed_logs'],
          emitSystemFields: desired['emit_system_fields'],
        },
        cloud.clock.now(),
      );
      const { filterName, logGroupName } = filter;
      if (previous && (previous['name'] !== filterName || previous['log_group_name'] !== logGroupName)) {
        await filters.remove(String(previous['log_group_name']), String(previous['name']));
      }
      await filters.put(filter);
      return { ...desired, id: `cwlsf-${filterName}`, distribution: filter.distribution };
    },
    async remove(_address, previous) {
      await filters.remove(String(previous['log_group_name']), String(previous['name']));
    },
  };
}

/** The filters whose functions CloudWatch Logs may not call, now that all stands. */
export function withoutPermission(
  cloud: Cloud,
  groups: LogGroups,
  filters: SubscriptionFilters,
): SubscriptionFilter[] {
  return groups
    .all()
    .flatMap(({ name }) => filters.ofGroup(name).map(({ filter }) => filter))
    .filter(({ logGroupName, destinationArn }) => {
      try {
        checkPermission(cloud, groups.arn(logGroupName), destinationArn);
        return false;
      } catch {
        return true;
      }
    });
}
