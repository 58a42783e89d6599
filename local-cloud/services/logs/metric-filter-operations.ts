import { block } from '../../core/blocks.ts';
import { AwsError } from '../../core/errors.ts';
import type { Operation, ResourceHandler } from '../../core/service.ts';
import type { LogGroups } from './groups.ts';
import { groupOf, type Input, integer, invalidParameter, requiredText, text, textList } from './input.ts';
import type { MetricFilter, MetricFilters, MetricTransformation } from './metric-filters.ts';
import { pageByIndex } from './paging.ts';
import { parseFilterPattern } from './patterns/filter-pattern.ts';

const MOST_DIMENSIONS = 3;
const MOST_PAGE = 50;
const MOST_TEST_MESSAGES = 50;

function transformationOf(
  value: Record<string, unknown>,
  names: { name: string; namespace: string; value: string; defaultValue: string },
): MetricTransformation {
  const metricValue = String(value[names.value] ?? '');
  if (!metricValue.startsWith('$') && (metricValue === '' || !Number.isFinite(Number(metricValue)))) {
    throw invalidParameter(
      `Invalid metric value "${metricValue}": it must be a number, or a field such as $.latency.`,
    );
  }
  const dimensions = (block(value['dimensions']) ?? {}) as Record<string, string>;
  const defaultValue = value[names.defaultValue];
  const hasDefault = defaultValue !== undefined && defaultValue !== null && defaultValue !== '';
  if (Object.keys(dimensions).length > MOST_DIMENSIONS) {
    throw invalidParameter(`A metric filter has at most ${MOST_DIMENSIONS} dimensions.`);
  }
  if (hasDefault && Object.keys(dimensions).length > 0) {
    throw invalidParameter('A metric filter with dimensions cannot have a default value.');
  }
  const unit = value['unit'];
  return {
    metricName: requiredText(value, names.name),
    metricNamespace: requiredText(value, names.namespace),
    metricValue,
    ...(hasDefault ? { defaultValue: Number(defaultValue) } : {}),
    ...(typeof unit === 'string' ? { unit } : {}),
    ...(Object.keys(dimensions).length > 0 ? { dimensions } : {}),
  };
}

const API_NAMES = {
  name: 'metricName',
  namespace: 'metricNamespace',
  value: 'metricValue',
  defaultValue: 'defaultValue',
};
const TERRAFORM_NAMES = {
  name: 'name',
  namespace: 'namespace',
  value: 'value',
  defaultValue: 'default_value',
};

/** `aws_cloudwatch_log_metric_filter`. */
export function metricFilterResource(filters: MetricFilters): ResourceHandler {
  return {
    async apply({ desired }, previous) {
      const logGroupName = String(desired['log_group_name']);
      const filterName = String(desired['name']);
      if (previous && (previous['name'] !== filterName || previous['log_group_name'] !== logGroupName)) {
        await filters.remove(String(previous['log_group_name']), String(previous['name']));
      }
      const transformation = block(desired['metric_transformation']) ?? {};
      await filters.put({
        logGroupName,
        filterName,
        filterPattern: String(desired['pattern'] ?? ''),
        metricTransformations: [transformationOf(transformation, TERRAFORM_NAMES)],
        creationTime: Date.now(),
      });
      return { ...desired, id: filterName };
    },
    async remove(_address, previous) {
      await filters.remove(String(previous['log_group_name']), String(previous['name']));
    },
  };
}

function isWanted(filter: MetricFilter, input: Input): boolean {
  const group = text(input, 'logGroupName');
  const metric = text(input, 'metricName');
  const namespace = text(input, 'metricNamespace');
  if ((metric === undefined) !== (namespace === undefined)) {
    throw invalidParameter('metricName and metricNamespace must be given together.');
  }
  return (
    (group === undefined || filter.logGroupName === group) &&
    filter.filterName.startsWith(text(input, 'filterNamePrefix') ?? '') &&
    (metric === undefined ||
      filter.metricTransformations.some(
        (each) => each.metricName === metric && each.metricNamespace === namespace,
      ))
  );
}

export function metricFilterOperations(groups: LogGroups, filters: MetricFilters): Record<string, Operation> {
  return {
    async PutMetricFilter(input) {
      const { name: logGroupName } = groupOf(groups, input);
      const given = input['metricTransformations'];
      if (!Array.isArray(given) || given.length !== 1) {
        throw invalidParameter('metricTransformations must hold exactly one transformation.');
      }
      await filters.put({
        logGroupName,
        filterName: requiredText(input, 'filterName'),
        filterPattern: text(input, 'filterPattern') ?? '',
        metricTransformations: given.map((each: Input) => transformationOf(each, API_NAMES)),
        creationTime: Date.now(),
      });
      return undefined;
    },
    async DeleteMetricFilter(input) {
      const { name } = groupOf(groups, input);
      if (!(await filters.remove(name, requiredText(input, 'filterName')))) {
        throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
      }
      return undefined;
    },
    async DescribeMetricFilters(input) {
      if (text(input, 'logGroupName') !== undefined) groupOf(groups, input);
      const found = filters.all().filter((filter) => isWanted(filter, input));
      const size = integer(input, 'limit') ?? MOST_PAGE;
      const { page, nextToken } = pageByIndex(found, Math.min(size, MOST_PAGE), text(input, 'nextToken'));
      return { metricFilters: page, ...(nextToken === undefined ? {} : { nextToken }) };
    },
    async TestMetricFilter(input) {
      const pattern = parseFilterPattern(text(input, 'filterPattern') ?? '');
      const messages = textList(input, 'logEventMessages') ?? [];
      if (messages.length < 1 || messages.length > MOST_TEST_MESSAGES) {
        throw invalidParameter(`logEventMessages must hold 1 to ${MOST_TEST_MESSAGES} messages.`);
      }
      return {
        matches: messages.flatMap((eventMessage, index) =>
          pattern.matches(eventMessage)
            ? [{ eventNumber: index + 1, eventMessage, extractedValues: pattern.extract(eventMessage) }]
            : [],
        ),
      };
    },
  };
}
