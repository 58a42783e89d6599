import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import type { LogGroups } from './groups.ts';
import {
  flag,
  groupNamed,
  groupOf,
  type Input,
  integer,
  invalidParameter,
  limit,
  notFound,
  requiredText,
  text,
  textList,
} from './input.ts';
import type { MetricFilters } from './metric-filters.ts';
import type { Retention } from './retention.ts';
import { readTags } from './tags.ts';

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];

/** Removes a group with its lines and filters. */
export type RemoveGroup = (name: string) => Promise<void>;

export function checkRetention(days: number): number {
  if (!RETENTIONS.includes(days)) {
    throw invalidParameter(
      `${days} is not a valid retention: it must be one of ${RETENTIONS.join(', ')} days.`,
    );
  }
  return days;
}

function alreadyExists(what: 'log group' | 'log stream'): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

/** Pages of things that are ordered by name: the token is the last name told. */
function pageByName<Item>(
  items: Item[],
  nameOf: (item: Item) => string,
  input: Input,
): { page: Item[]; nextToken?: string } {
  const after = text(input, 'nextToken');
  const start = after === undefined ? 0 : items.findIndex((item) => nameOf(item) === after) + 1;
  if (after !== undefined && start === 0) throw invalidParameter('The specified nextToken is invalid.');
  const size = limit(input, 50);
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  return { page, ...(items.length > start + size && last !== undefined ? { nextToken: nameOf(last) } : {}) };
}

async function describeLogGroups(
  store: TelemetryStore,
  groups: LogGroups,
  filters: MetricFilters,
  input: Input,
): Promise<object> {
  const prefix = text(input, 'logGroupNamePrefix');
  const pattern = text(input, 'logGroupNamePattern')?.toLowerCase();
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  const logGroupClass = text(input, 'logGroupClass');
  const identifiers = textList(input, 'logGroupIdentifiers')?.map((each) => groupNamed(groups, each).name);
  const found = groups
    .all()
    .filter((group) => logGroupClass === undefined || group.logGroupClass === logGroupClass)
    .filter(({ name }) => identifiers === undefined || identifiers.includes(name))
    .filter(({ name }) => name.startsWith(prefix ?? '') && name.toLowerCase().includes(pattern ?? ''));
  const { page, nextToken } = pageByName(found, ({ name }) => name, input);
  const sizes = await store.logSizes();
  const filterCounts = new Map<string, number>();
  for (const { logGroupName } of filters.all()) {
    filterCounts.set(logGroupName, (filterCounts.get(logGroupName) ?? 0) + 1);
  }
  return {
    logGroups: page.map((group) => ({
      logGroupName: group.name,
      creationTime: group.created,
      ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
      ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
      metricFilterCount: filterCounts.get(group.name) ?? 0,
      arn: `${groups.arn(group.name)}:*`,
      logGroupArn: groups.arn(group.name),
      logGroupClass: group.logGroupClass,
      storedBytes: sizes.get(group.name) ?? 0,
    })),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

interface LogStream {
  logStreamName: string;
  creationTime: number;
  firstEventTimestamp?: number;
  lastEventTimestamp?: number;
  lastIngestionTime?: number;
  uploadSequenceToken: string;
  arn: string;
  storedBytes: number;
}

async function streamsOf(store: TelemetryStore, groups: LogGroups, group: string): Promise<LogStream[]> {
  const made = await groups.emptyStreams(group);
  const written = await store.logStreams(group);
  const base = (name: string, created: number) => ({
    logStreamName: name,
    creationTime: created,
    uploadSequenceToken: '0'.repeat(56),
    arn: `${groups.arn(group)}:log-stream:${name}`,
    storedBytes: 0,
  });
  const names = new Set(written.map(({ stream }) => stream));
  return [
    ...[...made].filter(([name]) => !names.has(name)).map(([name, created]) => base(name, created)),
    ...written.map((stream) => ({
      ...base(stream.stream, made.get(stream.stream) ?? stream.firstEvent),
      firstEventTimestamp: stream.firstEvent,
      lastEventTimestamp: stream.lastEvent,
      lastIngestionTime: stream.lastIngestion,
    })),
  ];
}

async function describeLogStreams(store: TelemetryStore, groups: LogGroups, input: Input): Promise<object> {
  const { name: group } = groupOf(groups, input);
  const prefix = text(input, 'logStreamNamePrefix');
  const orderBy = text(input, 'orderBy') ?? 'LogStreamName';
  if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime') {
    throw invalidParameter(`The value ${orderBy} of orderBy must be LogStreamName or LastEventTime.`);
  }
  if (orderBy === 'LastEventTime' && prefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const streams = (await streamsOf(store, groups, group)).filter(({ logStreamName }) =>
    logStreamName.startsWith(prefix ?? ''),
  );
  streams.sort((a, b) => {
    const byTime =
      orderBy === 'LastEventTime' ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0) : 0;
    return byTime || (a.logStreamName < b.logStreamName ? -1 : 1);
  });
  if (flag(input, 'descending')) streams.reverse();
  const { page, nextToken } = pageByName(streams, ({ logStreamName }) => logStreamName, input);
  return { logStreams: page, ...(nextToken === undefined ? {} : { nextToken }) };
}

export function groupOperations(
  store: TelemetryStore,
  groups: LogGroups,
  filters: MetricFilters,
  retention: Retention,
  removeGroup: RemoveGroup,
): Record<string, Operation> {
  return {
    async CreateLogGroup(input) {
      const name = requiredText(input, 'logGroupName');
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
        throw invalidParameter(
          `Value at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
        );
      }
      if (groups.get(name)) throw alreadyExists('log group');
      const kmsKeyId = text(input, 'kmsKeyId');
      await groups.put({
        name,
        created: Date.now(),
        logGroupClass: text(input, 'logGroupClass') ?? 'STANDARD',
        tags: readTags(input),
        ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      });
      return undefined;
    },
    async DeleteLogGroup(input) {
      const { name } = groupOf(groups, input);
      await removeGroup(name);
      return undefined;
    },
    DescribeLogGroups: (input) => describeLogGroups(store, groups, filters, input),
    async PutRetentionPolicy(input) {
      const group = groupOf(groups, input);
      const days = integer(input, 'retentionInDays');
      if (days === undefined) throw invalidParameter('retentionInDays must be given.');
      await groups.put({ ...group, retentionInDays: checkRetention(days) });
      await retention.enforce(group.name);
      return undefined;
    },
    async DeleteRetentionPolicy(input) {
      const { retentionInDays: _removed, ...group } = groupOf(groups, input);
      await groups.put(group);
      return undefined;
    },
    async CreateLogStream(input) {
      const { name: group } = groupOf(groups, input);
      const stream = requiredText(input, 'logStreamName');
      if (/[:*]/.test(stream) || stream.length > 512)
        throw invalidParameter('A log stream name must not hold : or *, and at most 512 characters.');
      const existing = await streamsOf(store, groups, group);
      if (existing.some(({ logStreamName }) => logStreamName === stream)) throw alreadyExists('log stream');
      await groups.putStream(group, stream);
      return undefined;
    },
    async DeleteLogStream(input) {
      const { name: group } = groupOf(groups, input);
      const stream = requiredText(input, 'logStreamName');
      const existing = await streamsOf(store, groups, group);
      if (!existing.some(({ logStreamName }) => logStreamName === stream)) throw notFound('log stream');
      await groups.removeStream(group, stream);
      await store.removeLogs(group, { stream });
      return undefined;
    },
    DescribeLogStreams: (input) => describeLogStreams(store, groups, input),
  };
}
