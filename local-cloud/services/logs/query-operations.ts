import { AwsError } from '../../core/errors.ts';
import type { Operation } from '../../core/service.ts';
import type { TelemetryStore } from '../../telemetry/index.ts';
import type { LogGroups } from './groups.ts';
import { groupNamed, type Input, integer, invalidParameter, requiredText, text, textList } from './input.ts';
import { compileQuery } from './insights/compile.ts';
import { checkPatterns } from './insights/execute.ts';
import { MOST_RESULTS } from './insights/parse.ts';
import type { QueryRun, QueryRuns } from './insights/query-runs.ts';
import { getLogRecord } from './log-record.ts';
import { pageByIndex } from './paging.ts';

const DEFAULT_RESULTS = 1_000;
const MOST_GROUPS = 50;
const MOST_PENDING = 30;
const STATUSES = ['Scheduled', 'Running', 'Complete', 'Failed', 'Cancelled', 'Timeout', 'Unknown'];

export interface Account {
  accountId: string;
  region: string;
}

/** The groups a query asks for: by one of three parameters, and by no more than one. */
function groupsOf(groups: LogGroups, input: Input): string[] {
  const single = text(input, 'logGroupName');
  const given = [
    single === undefined ? undefined : [single],
    textList(input, 'logGroupNames'),
    textList(input, 'logGroupIdentifiers'),
  ].filter((each) => each !== undefined);
  const [names, ...others] = given;
  if (!names || names.length === 0 || others.length > 0) {
    throw invalidParameter(
      'A query must name log groups by exactly one of logGroupName, logGroupNames and logGroupIdentifiers.',
    );
  }
  if (names.length > MOST_GROUPS) throw invalidParameter(`A query has at most ${MOST_GROUPS} log groups.`);
  return [...new Set(names.map((name) => groupNamed(groups, name).name))];
}

function requiredInteger(input: Input, name: string): number {
  const value = integer(input, name);
  if (value === undefined) requiredText(input, name);
  return value ?? 0;
}

function languageOf(input: Input): void {
  const language = text(input, 'queryLanguage') ?? 'CWLI';
  if (language !== 'CWLI') {
    throw invalidParameter(`The local cloud supports queries in CWLI only, not in ${language}.`);
  }
}

function describe(run: QueryRun): object {
  return {
    queryLanguage: 'CWLI',
    queryId: run.id,
    queryString: run.text,
    status: run.status,
    createTime: run.created,
    logGroupName: run.groups[0],
    queryDuration: run.duration(),
    bytesScanned: run.statistics.bytesScanned,
  };
}

/** StartQuery and what belongs to it: CloudWatch Logs Insights. */
export function queryOperations(
  store: TelemetryStore,
  groups: LogGroups,
  runs: QueryRuns,
  account: Account,
): Record<string, Operation> {
  const runOf = (input: Input): QueryRun => {
    const run = runs.get(requiredText(input, 'queryId'));
    if (!run) throw new AwsError('ResourceNotFoundException', 'The specified query does not exist.');
    return run;
  };

  return {
    async StartQuery(input) {
      languageOf(input);
      const names = groupsOf(groups, input);
      const queryString = requiredText(input, 'queryString');
      const from = requiredInteger(input, 'startTime') * 1_000;
      const to = requiredInteger(input, 'endTime') * 1_000;
      if (from > to) throw invalidParameter('The endTime of a query must not be before its startTime.');
      const limit = integer(input, 'limit') ?? DEFAULT_RESULTS;
      if (limit < 1 || limit > MOST_RESULTS) {
        throw invalidParameter(`The value of limit must be between 1 and ${MOST_RESULTS}.`);
      }
      const query = compileQuery(queryString, { ...account, groups: names.length, limit });
      if (query.patterns.size > 0) {
        const reader = await store.logReader();
        await checkPatterns(reader, query).finally(() => reader.close());
      }
      if (runs.pending() >= MOST_PENDING) {
        throw new AwsError('LimitExceededException', `At most ${MOST_PENDING} queries run at once.`);
      }
      return { queryId: runs.start(queryString, query, { groups: names, from, to }).id };
    },
    async GetQueryResults(input) {
      const run = runOf(input);
      const { page, nextToken } = pageByIndex(
        run.results,
        integer(input, 'maxItems'),
        text(input, 'nextToken'),
      );
      return {
        queryLanguage: 'CWLI',
        results: page,
        statistics: {
          ...run.statistics,
          estimatedRecordsSkipped: 0,
          estimatedBytesSkipped: 0,
          logGroupsScanned: run.groups.length,
        },
        status: run.status,
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
    async StopQuery(input) {
      const { id, status } = runOf(input);
      if (!runs.stop(id)) {
        throw invalidParameter(`The query cannot be stopped: its status is ${status}.`);
      }
      return { success: true };
    },
    async DescribeQueries(input) {
      const group = text(input, 'logGroupName');
      const status = text(input, 'status');
      if (status !== undefined && !STATUSES.includes(status)) {
        throw invalidParameter(`The value of status must be one of ${STATUSES.join(', ')}.`);
      }
      const most = integer(input, 'maxResults') ?? 1_000;
      if (most < 1 || most > 1_000)
        throw invalidParameter('The value of maxResults must be between 1 and 1000.');
      const found = runs
        .all()
        .filter((run) => status === undefined || run.status === status)
        .filter((run) => group === undefined || run.groups.includes(group));
      const { page, nextToken } = pageByIndex(found, most, text(input, 'nextToken'));
      return { queries: page.map(describe), ...(nextToken === undefined ? {} : { nextToken }) };
    },
    GetLogRecord: (input) => getLogRecord(store, account, requiredText(input, 'logRecordPointer')),
  };
}
