import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteSubscriptionFilterCommand,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  GetQueryResultsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  StartLiveTailCommand,
  StartQueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, vi } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const logStreamName = 'stream';

async function newGroup({ logs, name }: Clients, ...messages: string[]): Promise<string> {
  const logGroupName = `/conformance/${name()}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const from = Date.now() - messages.length;
  const logEvents = messages.map((message, index) => ({ timestamp: from + index, message }));
  if (messages.length > 0)
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  return logGroupName;
}

async function arnOfGroup({ logs }: Clients, logGroupNamePrefix: string): Promise<string> {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
  return (logGroups?.[0]?.arn ?? '').replace(/:\*$/u, '');
}

const service = 'CloudWatch Logs';

export const logsCases: Case[] = [
  {
    service,
    name: 'lines are read in the order of their times',
    operations: ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents', 'GetLogEvents'],
    async run(clients) {
      const logGroupName = await newGroup(clients, 'one', 'two');
      const { events } = await clients.logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
      );
      expect(events?.map(({ message }) => message)).toEqual(['one', 'two']);
    },
  },
  {
    service,
    name: 'a filter of words finds the lines that hold all of them',
    operations: ['FilterLogEvents'],
    async run(clients) {
      const logGroupName = await newGroup(clients, 'ERROR in a', 'ERROR in b', 'INFO in a');
      const { events } = await clients.logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern: 'ERROR a' }),
      );
      expect(events?.map(({ message }) => message)).toEqual(['ERROR in a']);
    },
  },
  {
    service,
    name: 'a filter of JSON finds the lines whose fields fit',
    operations: ['FilterLogEvents'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html',
    async run(clients) {
      const logGroupName = await newGroup(
        clients,
        '{"level":"ERROR","ms":7}',
        '{"level":"ERROR","ms":70}',
        'text',
      );
      const { events } = await clients.logs.send(
        new FilterLogEventsCommand({ logGroupName, filterPattern: '{ $.level = "ERROR" && $.ms > 10 }' }),
      );
      expect(events?.map(({ message }) => message)).toEqual(['{"level":"ERROR","ms":70}']);
    },
  },
  {
    service,
    name: 'a query of Insights groups and counts',
    operations: ['StartQuery', 'GetQueryResults'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html',
    async run({ logs, ...clients }) {
      const logGroupName = await newGroup(
        { logs, ...clients },
        '{"kind":"a"}',
        '{"kind":"a"}',
        '{"kind":"b"}',
      );
      const { queryId } = await logs.send(
        new StartQueryCommand({
          logGroupName,
          startTime: Math.floor(Date.now() / 1000) - 60,
          endTime: Math.ceil(Date.now() / 1000) + 1,
          queryString: 'stats count(*) as n by kind | sort kind asc',
        }),
      );
      const results = await vi.waitFor(
        async () => {
          const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
          expect(answer.status).toBe('Complete');
          return answer.results;
        },
        { timeout: 10_000 },
      );
      expect(results?.map((row) => row.map(({ value }) => value))).toEqual([
        ['a', '2'],
        ['b', '1'],
      ]);
    },
  },
  {
    service,
    name: 'how long lines stay is kept and told',
    operations: ['PutRetentionPolicy', 'DescribeLogGroups'],
    async run(clients) {
      const logGroupName = await newGroup(clients);
      await clients.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
      const { logGroups } = await clients.logs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
      );
      expect(logGroups).toMatchObject([{ logGroupName, retentionInDays: 7 }]);
    },
  },
  {
    service,
    name: 'a group that is there is not made again, and one that is not there is told so',
    operations: ['CreateLogGroup', 'GetLogEvents'],
    async run(clients) {
      const logGroupName = await newGroup(clients);
      const again = clients.logs.send(new CreateLogGroupCommand({ logGroupName }));
      expect(await refusalOf(again)).toBe('ResourceAlreadyExistsException');
      const none = clients.logs.send(
        new GetLogEventsCommand({ logGroupName: clients.name(), logStreamName }),
      );
      expect(await refusalOf(none)).toBe('ResourceNotFoundException');
    },
  },
  {
    service,
    name: 'a group has tags, by its ARN',
    operations: ['TagResource', 'UntagResource', 'ListTagsForResource'],
    async run(clients) {
      const { logs } = clients;
      const resourceArn = await arnOfGroup(clients, await newGroup(clients));
      await logs.send(new TagResourceCommand({ resourceArn, tags: { team: 'shop', cost: '7' } }));
      await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['cost'] }));
      const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
      expect(tags).toEqual({ team: 'shop' });
    },
  },
  {
    service,
    name: 'a function that may not be called cannot subscribe',
    operations: ['PutSubscriptionFilter'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html',
    async run(clients) {
      const put = clients.logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: await newGroup(clients),
          filterName: 'all',
          filterPattern: '',
          destinationArn: 'arn:aws:lambda:us-east-1:000000000000:function:nobody',
        }),
      );
      expect(await refusalOf(put)).toBe('InvalidParameterException');
    },
  },
  {
    service,
    name: 'a group without subscriptions tells none, and none can be deleted',
    operations: ['DescribeSubscriptionFilters', 'DeleteSubscriptionFilter'],
    async run(clients) {
      const { logs } = clients;
      const logGroupName = await newGroup(clients);
      const { subscriptionFilters } = await logs.send(
        new DescribeSubscriptionFiltersCommand({ logGroupName }),
      );
      expect(subscriptionFilters).toEqual([]);
      const remove = logs.send(new DeleteSubscriptionFilterCommand({ logGroupName, filterName: 'none' }));
      expect(await refusalOf(remove)).toBe('ResourceNotFoundException');
    },
  },
  {
    service,
    name: 'Live Tail begins with what it was asked for, and goes on each second',
    operations: ['StartLiveTail'],
    settled: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html',
    async run(clients) {
      const logGroupName = await newGroup(clients);
      const arn = await arnOfGroup(clients, logGroupName);
      const { responseStream } = await clients.logs.send(
        new StartLiveTailCommand({ logGroupIdentifiers: [arn], logEventFilterPattern: 'ERROR' }),
      );
      const told: string[] = [];
      for await (const event of responseStream ?? []) {
        told.push(...Object.keys(event));
        if (event.sessionStart) expect(event.sessionStart.logEventFilterPattern).toBe('ERROR');
        if (event.sessionUpdate) break;
      }
      expect(told).toEqual(['sessionStart', 'sessionUpdate']);
    },
  },
];
