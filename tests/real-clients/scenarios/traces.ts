import { randomBytes } from 'node:crypto';
import type {
  BatchGetTracesResult,
  GetServiceGraphResult,
  GetTraceSummariesResult,
} from '@aws-sdk/client-xray';
import { describe, expect, it } from 'vitest';
import { expectRefusal, type Stage } from '../scenario.ts';

const start = Math.floor(Date.now() / 1_000) - 120;
const range = {
  StartTime: new Date((start - 60) * 1_000).toISOString(),
  EndTime: new Date((start + 60) * 1_000).toISOString(),
};
const newId = () => randomBytes(8).toString('hex');
const newTrace = () => `1-${start.toString(16)}-${randomBytes(12).toString('hex')}`;

/** Traces: segments put, found by what they say, read whole, and drawn as a graph. */
export function traceScenario(stage: Stage): void {
  const shop = `shop-${stage.name}`;
  const tills = `tills-${stage.name}`;
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}) =>
    stage.client.call<Output>('xray', operation, input);
  const slow = newTrace();
  const quick = newTrace();

  function order(trace_id: string, seconds: number, fault: boolean) {
    const client = { id: newId(), trace_id, name: shop, start_time: start, end_time: start + seconds, fault };
    const call = {
      ...{
        id: newId(),
        name: tills,
        namespace: 'remote',
        start_time: start,
        end_time: start + seconds,
        fault,
      },
    };
    const served = { ...client, id: newId(), name: tills, parent_id: call.id };
    return [{ ...client, subsegments: [call], annotations: { client: stage.name } }, served];
  }

  describe('traces', () => {
    it('are put, found by a filter, and told whole', async () => {
      const documents = [...order(slow, 2.5, true), ...order(quick, 0.1, false)];
      const { UnprocessedTraceSegments } = await call('PutTraceSegments', {
        TraceSegmentDocuments: documents.map((document) => JSON.stringify(document)),
      });
      expect(UnprocessedTraceSegments).toEqual([]);
      const found = async (FilterExpression: string) => {
        const { TraceSummaries = [] } = await stage.client.every<GetTraceSummariesResult>(
          ...(['xray', 'GetTraceSummaries', { ...range, FilterExpression }] as const),
        );
        return TraceSummaries;
      };
      expect((await found(`annotation.client = "${stage.name}"`)).map(({ Id }) => Id).sort()).toEqual(
        [slow, quick].sort(),
      );
      expect(await found(`service("${shop}") AND fault AND duration > 1`)).toMatchObject([
        { Id: slow, Duration: 2.5, HasFault: true, ServiceIds: expect.any(Array) },
      ]);
      const unknown = newTrace();
      const { Traces = [], UnprocessedTraceIds } = await call<BatchGetTracesResult>('BatchGetTraces', {
        TraceIds: [quick, unknown],
      });
      expect(UnprocessedTraceIds).toEqual([unknown]);
      expect(Traces).toMatchObject([{ Id: quick, Duration: 0.1 }]);
      const names = Traces[0]?.Segments?.map(({ Document }) => JSON.parse(Document ?? '').name);
      expect(names).toEqual([shop, tills]);
    });

    it('are drawn as a graph of services', async () => {
      const { Services = [] } = await call<GetServiceGraphResult>('GetServiceGraph', range);
      const shopNode = Services.find(({ Name }) => Name === shop);
      const tillsNode = Services.find(({ Name }) => Name === tills);
      expect(shopNode?.SummaryStatistics).toMatchObject({ TotalCount: 2, OkCount: 1 });
      expect(shopNode?.Edges).toMatchObject([{ ReferenceId: tillsNode?.ReferenceId }]);
    });

    it('are refused where they are wrong', async () => {
      const { UnprocessedTraceSegments } = await call('PutTraceSegments', {
        TraceSegmentDocuments: ['{"id":"no segment"}'],
      });
      expect(UnprocessedTraceSegments).toMatchObject([{ ErrorCode: expect.any(String) }]);
      await expectRefusal(call('GetTraceSummaries', { ...range, FilterExpression: 'duration >' }), {
        ...{ code: 'InvalidRequestException', status: 400 },
      });
      await expectRefusal(call('GetInsightSummaries', range), {
        ...{ code: 'NotImplemented', status: 501, unmodeled: true },
      });
    });
  });
}
