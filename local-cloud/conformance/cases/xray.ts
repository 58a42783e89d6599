import { randomBytes } from 'node:crypto';
import {
  BatchGetTracesCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupsCommand,
  GetSamplingRulesCommand,
  GetServiceGraphCommand,
  GetTraceSummariesCommand,
  PutTelemetryRecordsCommand,
  PutTraceSegmentsCommand,
} from '@aws-sdk/client-xray';
import { expect, vi } from 'vitest';
import { type Case, type Clients, refusalOf } from '../case.ts';

const service = 'X-Ray';
const hex = (bytes: number) => randomBytes(bytes).toString('hex');

interface Segment {
  id: string;
  trace_id: string;
  name: string;
  start_time: number;
  end_time: number;
  [field: string]: unknown;
}

/** A segment of a new trace that ended a second ago. */
function newSegment(name: string, more: Record<string, unknown> = {}): Segment {
  const end = Date.now() / 1_000 - 1;
  const trace_id = `1-${Math.floor(end).toString(16)}-${hex(12)}`;
  return { id: hex(8), trace_id, name, start_time: end - 0.25, end_time: end, ...more };
}

const put = ({ xray }: Clients, ...segments: object[]) =>
  xray.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments: segments.map((each) => JSON.stringify(each)) }),
  );

const lately = () => ({ StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 1_000) });

/** The ids of the traces of the last minute that an expression finds. */
async function found({ xray }: Clients, FilterExpression: string): Promise<(string | undefined)[]> {
  const { TraceSummaries = [] } = await xray.send(
    new GetTraceSummariesCommand({ ...lately(), FilterExpression }),
  );
  return TraceSummaries.map(({ Id }) => Id);
}

/** X-Ray takes a moment to find what it was given. */
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 2_000, interval: 50 });

export const xrayCases: Case[] = [
  {
    service,
    name: 'segments that are sound are taken, and the others told one by one',
    operations: ['PutTraceSegments'],
    settled: 'https://docs.aws.amazon.com/xray/latest/api/API_PutTraceSegments.html',
    async run(clients) {
      const sound = newSegment(clients.name());
      const { UnprocessedTraceSegments } = await put(clients, sound, { id: 'x', name: 'no trace' });
      expect(UnprocessedTraceSegments).toHaveLength(1);
      expect(UnprocessedTraceSegments?.[0]?.ErrorCode).toBeTruthy();
    },
  },
  {
    service,
    name: 'telemetry of a daemon is taken',
    operations: ['PutTelemetryRecords'],
    async run({ xray }) {
      await xray.send(
        new PutTelemetryRecordsCommand({
          TelemetryRecords: [{ Timestamp: new Date(), SegmentsReceivedCount: 1 }],
        }),
      );
    },
  },
  {
    service,
    name: 'a trace is told with all of its segments',
    operations: ['PutTraceSegments', 'BatchGetTraces'],
    settled: 'https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html',
    async run(clients) {
      const caller = newSegment(clients.name());
      const called = { ...newSegment(clients.name()), trace_id: caller.trace_id, parent_id: caller.id };
      await put(clients, caller, called);
      await soon(async () => {
        const { Traces } = await clients.xray.send(
          new BatchGetTracesCommand({ TraceIds: [caller.trace_id] }),
        );
        const ids = Traces?.[0]?.Segments?.map(({ Id }) => Id);
        expect(ids?.sort()).toEqual([caller.id, called.id].sort());
      });
    },
  },
  {
    service,
    name: 'a trace that is not there is told among the unprocessed, or not at all',
    operations: ['BatchGetTraces'],
    settled: 'https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html',
    async run({ xray }) {
      const { Traces } = await xray.send(
        new BatchGetTracesCommand({ TraceIds: [newSegment('nobody').trace_id] }),
      );
      expect(Traces).toEqual([]);
    },
  },
  {
    service,
    name: 'traces are found by service, fault, annotation and response time',
    operations: ['GetTraceSummaries'],
    settled: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html',
    async run(clients) {
      const name = clients.name();
      const faulty = newSegment(name, { fault: true, annotations: { order: 7 } });
      const sound = newSegment(name, { annotations: { order: 8 } });
      await put(clients, faulty, sound);
      await soon(async () => {
        expect((await found(clients, `service("${name}")`)).sort()).toEqual(
          [faulty.trace_id, sound.trace_id].sort(),
        );
      });
      expect(await found(clients, `service("${name}") { fault = true }`)).toEqual([faulty.trace_id]);
      expect(await found(clients, `service("${name}") AND annotation.order = 8`)).toEqual([sound.trace_id]);
      expect(await found(clients, `service("${name}") AND responsetime > 5`)).toEqual([]);
    },
  },
  {
    service,
    name: 'a filter expression that is none is refused',
    operations: ['GetTraceSummaries'],
    settled: 'https://docs.aws.amazon.com/xray/latest/api/API_GetTraceSummaries.html',
    async run(clients) {
      expect(await refusalOf(found(clients, 'service('))).toBe('InvalidRequestException');
    },
  },
  {
    service,
    name: 'the graph of services has who calls whom',
    operations: ['GetServiceGraph'],
    settled: 'https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html',
    async run(clients) {
      const caller = newSegment(clients.name());
      const call = { ...newSegment(`${caller.name}-called`), namespace: 'remote' };
      const { trace_id: _, ...subsegment } = call;
      const called = { ...newSegment(call.name), trace_id: caller.trace_id, parent_id: call.id };
      await put(clients, { ...caller, subsegments: [subsegment] }, called);
      await soon(async () => {
        const { Services = [] } = await clients.xray.send(new GetServiceGraphCommand(lately()));
        const from = Services.find(({ Name, Type }) => Name === caller.name && Type !== 'client');
        const to = Services.find(({ Name }) => Name === call.name);
        expect(to?.ReferenceId).toBeDefined();
        expect(from?.Edges?.map(({ ReferenceId }) => ReferenceId)).toContain(to?.ReferenceId);
      });
    },
  },
  {
    service,
    name: 'a group is made, told and removed, and has a name of its own',
    operations: ['CreateGroup', 'GetGroups', 'DeleteGroup'],
    settled: 'https://docs.aws.amazon.com/xray/latest/api/API_CreateGroup.html',
    async run({ xray, name }) {
      const GroupName = name();
      const create = () => xray.send(new CreateGroupCommand({ GroupName, FilterExpression: 'fault' }));
      await create();
      expect(await refusalOf(create())).toBe('InvalidRequestException');
      const names = async () =>
        (await xray.send(new GetGroupsCommand({}))).Groups?.map((each) => each.GroupName);
      expect(await names()).toContain(GroupName);
      await xray.send(new DeleteGroupCommand({ GroupName }));
      expect(await names()).not.toContain(GroupName);
    },
  },
  {
    service,
    name: 'there is always a rule of sampling that applies last',
    operations: ['GetSamplingRules'],
    settled: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html',
    async run({ xray }) {
      const { SamplingRuleRecords } = await xray.send(new GetSamplingRulesCommand({}));
      const rule = SamplingRuleRecords?.find(({ SamplingRule }) => SamplingRule?.RuleName === 'Default');
      expect(rule?.SamplingRule).toMatchObject({ Priority: 10_000, ServiceName: '*', URLPath: '*' });
    },
  },
];
