import type {
  FilterLogEventsResponse,
  GetLogEventsResponse,
  GetQueryResultsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it, vi } from 'vitest';
import { expectRefusal, type Stage } from '../scenario.ts';

/** A log group's life: streams, events, reading back, filtering in pages, and a query of Insights. */
export function logScenario(stage: Stage): void {
  const logGroupName = `/shop/${stage.name}`;
  const logStreamName = 'tills';
  const began = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
  const lines = Array.from({ length: 25 }, (_, index) =>
    JSON.stringify({ level: index % 5 === 0 ? 'ERROR' : 'INFO', till: `t${index % 3}`, took: index * 10 }),
  );
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}) =>
    stage.client.call<Output>('logs', operation, input);

  describe('logs', () => {
    it('are written to a group and stream of their own, and read in both directions', async () => {
      await call('CreateLogGroup', { logGroupName, tags: { team: 'shop' } });
      await call('CreateLogStream', { logGroupName, logStreamName });
      const logEvents = lines.map((message, index) => ({ timestamp: began + index * 1_000, message }));
      await call('PutLogEvents', { logGroupName, logStreamName, logEvents });
      const first = await call<GetLogEventsResponse>('GetLogEvents', {
        ...{ logGroupName, logStreamName, limit: 10, startFromHead: true },
      });
      expect(first.events?.map(({ message }) => message)).toEqual(lines.slice(0, 10));
      expect(first.events?.[0]).toMatchObject({ timestamp: began, ingestionTime: expect.any(Number) });
      const second = await call<GetLogEventsResponse>('GetLogEvents', {
        ...{ logGroupName, logStreamName, limit: 10, startFromHead: true },
        nextToken: first.nextForwardToken,
      });
      expect(second.events?.map(({ message }) => message)).toEqual(lines.slice(10, 20));
      const newest = await call<GetLogEventsResponse>('GetLogEvents', {
        logGroupName,
        logStreamName,
        limit: 2,
      });
      expect(newest.events?.map(({ message }) => message)).toEqual(lines.slice(-2));
    });

    it('are filtered through all pages', async () => {
      const { events = [] } = await stage.client.every<FilterLogEventsResponse>('logs', 'FilterLogEvents', {
        ...{ logGroupName, startTime: began, endTime: began + 60_000, limit: 2 },
        filterPattern: '{ $.level = "ERROR" && $.took > 0 }',
      });
      expect(events.map(({ message }) => JSON.parse(message ?? '').took)).toEqual([50, 100, 150, 200]);
      expect(events[0]).toMatchObject({
        logStreamName,
        timestamp: began + 5_000,
        eventId: expect.any(String),
      });
    });

    it('are queried with Insights', async () => {
      const { queryId } = await call('StartQuery', {
        ...{ logGroupName, startTime: began / 1_000, endTime: began / 1_000 + 60 },
        queryString: 'stats count(*) as lines, max(took) as longest by level | sort level',
      });
      const answer = await vi.waitFor(
        async () => {
          const told = await call<GetQueryResultsResponse>('GetQueryResults', { queryId });
          expect(told.status).toBe('Complete');
          return told;
        },
        { timeout: 20_000, interval: 50 },
      );
      expect(answer.results?.map((row) => row.map(({ field, value }) => `${field}=${value}`))).toEqual([
        ['level=ERROR', 'lines=5', 'longest=200'],
        ['level=INFO', 'lines=20', 'longest=240'],
      ]);
      expect(answer.statistics).toMatchObject({ recordsMatched: 25, recordsScanned: 25 });
    });

    it('are refused where they are wrong', async () => {
      await expectRefusal(call('GetLogEvents', { logGroupName: '/none', logStreamName }), {
        ...{ code: 'ResourceNotFoundException', status: 400 },
      });
      await expectRefusal(call('CreateLogGroup', { logGroupName }), {
        code: 'ResourceAlreadyExistsException',
      });
      await expectRefusal(
        call('StartQuery', { logGroupName, startTime: 0, endTime: 1, queryString: 'fetch everything' }),
        { code: 'MalformedQueryException' },
      );
      await expectRefusal(call('ListAnomalies'), { code: 'NotImplemented', status: 501, unmodeled: true });
      await call('DeleteLogGroup', { logGroupName });
      const { logGroups } = await call('DescribeLogGroups', { logGroupNamePrefix: logGroupName });
      expect(logGroups).toEqual([]);
    });
  });
}
