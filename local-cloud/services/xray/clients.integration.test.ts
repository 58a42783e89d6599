import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import {
  BatchGetTracesCommand,
  CreateGroupCommand,
  CreateSamplingRuleCommand,
  DeleteGroupCommand,
  DeleteSamplingRuleCommand,
  GetEncryptionConfigCommand,
  GetGroupCommand,
  GetGroupsCommand,
  GetSamplingRulesCommand,
  GetSamplingStatisticSummariesCommand,
  GetSamplingTargetsCommand,
  GetServiceGraphCommand,
  GetTraceGraphCommand,
  GetTraceSummariesCommand,
  PutTelemetryRecordsCommand,
  PutTraceSegmentsCommand,
  UpdateGroupCommand,
  UpdateSamplingRuleCommand,
} from '@aws-sdk/client-xray';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SegmentDocument } from '../../core/telemetry.ts';
import { newId, newTrace, segment, startXray, type TestXray } from './testing.ts';

const run = promisify(execFile);
const hasCli = spawnSync('aws', ['--version']).status === 0;
const start = Math.floor(Date.now() / 1_000) - 60;
const range = { StartTime: new Date((start - 60) * 1_000), EndTime: new Date((start + 60) * 1_000) };

let xray: TestXray;

beforeAll(async () => {
  xray = await startXray();
});
afterAll(async () => {
  await xray.stop();
});

const put = (...documents: SegmentDocument[]) =>
  xray.client.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents.map((each) => JSON.stringify(each)) }),
  );

function inProgress({ end_time: _, ...document }: SegmentDocument): SegmentDocument {
  return { ...document, in_progress: true };
}

async function found(FilterExpression: string): Promise<string[]> {
  const { TraceSummaries = [] } = await xray.client.send(
    new GetTraceSummariesCommand({ ...range, FilterExpression }),
  );
  return TraceSummaries.map(({ Id }) => String(Id));
}

/** A shop that fails in its function because of a table, and sent its steps one by one. */
function order(trace: string) {
  const call = newId();
  const shop = segment({
    ...{ trace_id: trace, name: 'shop', origin: 'AWS::ApiGateway::Stage', start_time: start },
    ...{
      end_time: start + 1.5,
      fault: true,
      user: 'ada',
      annotations: { tenant: 'acme', size: 3, first: true },
    },
    http: {
      request: {
        url: 'https://shop.test/orders',
        method: 'POST',
        user_agent: 'tests',
        client_ip: '10.0.0.1',
      },
      response: { status: 502 },
    },
  });
  const place = segment({
    ...{ trace_id: trace, name: 'place-order', origin: 'AWS::Lambda::Function', parent_id: shop.id },
    ...{ start_time: start + 0.2, end_time: start + 1.2, fault: true, resource_arn: 'arn:aws:lambda:place' },
    cause: { exceptions: [{ id: newId(), type: 'TableGone', message: 'the table is gone' }] },
    subsegments: [{ id: newId(), name: 'Initialization', start_time: start, end_time: start + 0.2 }],
  });
  const step = segment({
    ...{ trace_id: trace, type: 'subsegment', parent_id: place.id, name: '## place' },
    ...{ start_time: start + 0.3, end_time: start + 1 },
  });
  const write = segment({
    ...{
      id: call,
      trace_id: trace,
      type: 'subsegment',
      parent_id: step.id,
      name: 'DynamoDB',
      namespace: 'aws',
    },
    ...{ start_time: start + 0.4, end_time: start + 0.9, fault: true },
    aws: { operation: 'PutItem', table_name: 'orders', region: 'us-east-1', resource_names: ['orders'] },
    http: { response: { status: 500 } },
  });
  return { shop, place, step, write };
}

describe('a trace', () => {
  it('is told whole: steps within their segments, and a segment made up for the table', async () => {
    const trace = newTrace(start);
    const { shop, place, step, write } = order(trace);
    await put(inProgress({ ...place, fault: false }));
    await put(write, step, place, shop);
    const unknown = newTrace(start);
    const { Traces, UnprocessedTraceIds } = await xray.client.send(
      new BatchGetTracesCommand({ TraceIds: [trace, unknown] }),
    );
    expect(UnprocessedTraceIds).toEqual([unknown]);
    expect(Traces).toMatchObject([{ Id: trace, Duration: 1.5, LimitExceeded: false }]);
    const documents = (Traces?.[0]?.Segments ?? []).map(({ Document }) => JSON.parse(Document ?? ''));
    const { trace_id: _trace, parent_id: _parent, type: _type, ...inner } = step;
    const { trace_id: _t, parent_id: _p, type: _y, ...innermost } = write;
    expect(documents).toEqual([
      shop,
      {
        ...place,
        subsegments: [...(place['subsegments'] as object[]), { ...inner, subsegments: [innermost] }],
      },
      {
        ...{ id: expect.stringMatching(/^[0-9a-f]{16}$/), name: 'DynamoDB', trace_id: trace, fault: true },
        ...{ start_time: start + 0.4, end_time: start + 0.9, parent_id: write.id, inferred: true },
        ...{ origin: 'AWS::DynamoDB::Table', http: write['http'], aws: write['aws'] },
      },
    ]);
  });

  it('is summarized', async () => {
    const trace = newTrace(start);
    const { shop, place, step, write } = order(trace);
    await put(shop, place, step, write);
    const { TraceSummaries, TracesProcessedCount, ApproximateTime, NextToken } = await xray.client.send(
      new GetTraceSummariesCommand({ ...range, FilterExpression: 'annotation.tenant = "acme"' }),
    );
    expect(NextToken).toBeUndefined();
    expect(TracesProcessedCount).toBeGreaterThan(0);
    expect(ApproximateTime).toEqual(new Date(start * 1_000));
    const entry = { Name: 'shop', Names: ['shop'], Type: 'AWS::ApiGateway::Stage' };
    const summary = TraceSummaries?.find(({ Id }) => Id === trace);
    expect(summary).toMatchObject({
      ...{ StartTime: new Date(start * 1_000), Duration: 1.5, ResponseTime: 1.5, HasFault: true },
      ...{ HasError: false, HasThrottle: false, IsPartial: false, EntryPoint: entry },
      Http: {
        ...{ HttpURL: 'https://shop.test/orders', HttpStatus: 502, HttpMethod: 'POST', UserAgent: 'tests' },
        ClientIp: '10.0.0.1',
      },
      Annotations: {
        tenant: [{ AnnotationValue: { StringValue: 'acme' }, ServiceIds: [entry] }],
        size: [{ AnnotationValue: { NumberValue: 3 } }],
        first: [{ AnnotationValue: { BooleanValue: true } }],
      },
      Users: [{ UserName: 'ada', ServiceIds: [entry] }],
      ResourceARNs: [{ ARN: 'arn:aws:lambda:place' }],
      ServiceIds: [
        entry,
        { Name: 'place-order', Type: 'AWS::Lambda::Function' },
        { Name: 'orders', Type: 'AWS::DynamoDB::Table' },
      ],
      ErrorRootCauses: [],
      Revision: 5,
    });
    expect(summary?.FaultRootCauses).toMatchObject([
      {
        ClientImpacting: true,
        Services: [
          { Name: 'shop', EntityPath: [{ Name: 'shop' }], Inferred: false },
          {
            Name: 'place-order',
            EntityPath: [
              { Name: 'place-order', Exceptions: [{ Name: 'TableGone', Message: 'the table is gone' }] },
              { Name: '## place' },
              { Name: 'DynamoDB', Remote: true },
            ],
          },
          { Name: 'orders', Inferred: true },
        ],
      },
    ]);
  });

  it('is drawn as the services that called each other', async () => {
    const trace = newTrace(start);
    const { shop, place, step, write } = order(trace);
    await put(shop, place, step, write);
    const { Services } = await xray.client.send(new GetTraceGraphCommand({ TraceIds: [trace] }));
    const byName = new Map(Services?.map((each) => [`${each.Type} ${each.Name}`, each]));
    const client = byName.get('client shop');
    const entry = byName.get('AWS::ApiGateway::Stage shop');
    const place_ = byName.get('AWS::Lambda::Function place-order');
    const table = byName.get('AWS::DynamoDB::Table orders');
    expect(client?.Edges).toMatchObject([{ ReferenceId: entry?.ReferenceId }]);
    expect(entry).toMatchObject({
      Root: true,
      State: 'active',
      Edges: [{ ReferenceId: place_?.ReferenceId }],
    });
    expect(place_?.Edges).toMatchObject([
      {
        ReferenceId: table?.ReferenceId,
        SummaryStatistics: { TotalCount: 1, FaultStatistics: { TotalCount: 1 }, OkCount: 0 },
        ResponseTimeHistogram: [{ Value: 0.5, Count: 1 }],
      },
    ]);
    const graph = await xray.client.send(new GetServiceGraphCommand(range));
    expect(graph.StartTime).toEqual(range.StartTime);
    expect(graph.Services?.map(({ Name }) => Name)).toContain('orders');
  });

  it('is refused where it is asked for wrongly', async () => {
    const { StartTime } = range;
    const EndTime = new Date(StartTime.getTime() + 25 * 3_600_000);
    await expect(
      xray.client.send(new GetTraceSummariesCommand({ StartTime, EndTime })),
    ).rejects.toMatchObject({ name: 'InvalidRequestException' });
    const TraceIds = Array.from({ length: 6 }, () => newTrace());
    await expect(xray.client.send(new BatchGetTracesCommand({ TraceIds }))).rejects.toThrow('1 to 5');
    await expect(found('duration >')).rejects.toThrow('Invalid filter expression: the expression ends');
  });
});

describe('a filter', () => {
  it('finds a trace by what it and its services were', async () => {
    const failing = newTrace(start);
    const { shop, place, step, write } = order(failing);
    const fine = newTrace(start);
    await put(shop, place, step, write, segment({ trace_id: fine, name: 'calm', annotations: { calm: 1 } }));
    const open = segment({ trace_id: newTrace(start), name: 'open' });
    await put(inProgress(open));
    const cases: [filter: string, matches: string[]][] = [
      ['ok', [fine]],
      ['fault', [failing]],
      ['partial', [open.trace_id]],
      ['!fault AND !partial', [fine]],
      ['responsetime > 1.2 AND duration <= 1.5', [failing]],
      ['http.status = 502', [failing]],
      ['NOT http.status = 502', [fine, open.trace_id]],
      ['http.url ENDSWITH "/orders" http.method = "POST"', [failing]],
      ['user BEGINSWITH "ad"', [failing]],
      ['annotation[size] > 2', [failing]],
      ['annotation.calm', [fine]],
      ['annotation[first] = true', [failing]],
      ['message CONTAINS "gone"', [failing]],
      ['resource.arn = "arn:aws:lambda:place"', [failing]],
      ['name = "orders"', [failing]],
      ['inferred', [failing]],
      ['service("orders") { fault }', [failing]],
      ['service("orders") { ok }', []],
      ['service("shop") { annotation.tenant = "acme" }', [failing]],
      ['service("orders") { annotation.tenant = "acme" }', []],
      ['service(id(type: "AWS::DynamoDB::Table")) { inferred last index = 2 }', [failing]],
      ['service("calm") { root AND first }', [fine]],
      ['edge("place-order", "orders") { responsetime >= 0.4 }', [failing]],
      ['edge("shop", "orders")', []],
    ];
    for (const [filter, matches] of cases) {
      const all = await found(`(${filter}) AND service()`);
      const among = all.filter((id) => [failing, fine, open.trace_id].includes(id));
      expect(among.sort(), filter).toEqual([...matches].sort());
    }
  });

  it('can be kept as a group, and the group changed and removed', async () => {
    const trace = newTrace(start);
    await put(segment({ trace_id: trace, name: 'grouped' }));
    const { Group } = await xray.client.send(
      new CreateGroupCommand({ GroupName: 'mine', FilterExpression: 'service("grouped")' }),
    );
    expect(Group?.GroupARN).toMatch(/^arn:aws:xray:us-east-1:000000000000:group\/mine\/[0-9A-F]{32}$/);
    expect(await found('group.name = "mine"')).toEqual([trace]);
    const graph = await xray.client.send(new GetServiceGraphCommand({ ...range, GroupName: 'mine' }));
    expect(graph.Services?.map(({ Name }) => Name)).toEqual(['grouped', 'grouped']);
    await xray.client.send(new UpdateGroupCommand({ GroupARN: Group?.GroupARN, FilterExpression: 'ok' }));
    const got = await xray.client.send(new GetGroupCommand({ GroupName: 'mine' }));
    expect(got.Group).toMatchObject({ FilterExpression: 'ok', GroupARN: Group?.GroupARN });
    await expect(
      xray.client.send(new CreateGroupCommand({ GroupName: 'wrong', FilterExpression: 'nonsense' })),
    ).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await xray.client.send(new DeleteGroupCommand({ GroupName: 'mine' }));
    expect((await xray.client.send(new GetGroupsCommand({}))).Groups).toEqual([]);
  });
});

describe('sampling', () => {
  const SamplingRule = {
    ...{ RuleName: 'orders', ResourceARN: '*', Priority: 10, FixedRate: 0.5, ReservoirSize: 4 },
    ...{ ServiceName: '*', ServiceType: '*', Host: '*', HTTPMethod: '*', URLPath: '/orders', Version: 1 },
  };

  it('keeps rules, and tells tracers how much to sample', async () => {
    const { client } = xray;
    await client.send(new CreateSamplingRuleCommand({ SamplingRule }));
    await client.send(
      new UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleName: 'orders', FixedRate: 0.25 } }),
    );
    const { SamplingRuleRecords } = await client.send(new GetSamplingRulesCommand({}));
    expect(SamplingRuleRecords?.map((record) => record.SamplingRule)).toMatchObject([
      { ...SamplingRule, FixedRate: 0.25 },
      { RuleName: 'Default', Priority: 10_000 },
    ]);
    const statistics = { ClientID: 'a'.repeat(24), Timestamp: new Date(), RequestCount: 9, SampledCount: 3 };
    const targets = await client.send(
      new GetSamplingTargetsCommand({
        SamplingStatisticsDocuments: [
          { ...statistics, RuleName: 'orders' },
          { ...statistics, RuleName: 'none' },
        ],
      }),
    );
    expect(targets).toMatchObject({
      SamplingTargetDocuments: [{ RuleName: 'orders', FixedRate: 0.25, ReservoirQuota: 4, Interval: 10 }],
      LastRuleModification: expect.any(Date),
      UnprocessedStatistics: [{ RuleName: 'none' }],
    });
    const { SamplingStatisticSummaries } = await client.send(new GetSamplingStatisticSummariesCommand({}));
    expect(SamplingStatisticSummaries).toMatchObject([
      { RuleName: 'orders', RequestCount: 9, SampledCount: 3 },
    ]);
    await client.send(new DeleteSamplingRuleCommand({ RuleName: 'orders' }));
    await expect(client.send(new DeleteSamplingRuleCommand({ RuleName: 'orders' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  it('takes what daemons tell of themselves, and tells how data is encrypted', async () => {
    await xray.client.send(
      new PutTelemetryRecordsCommand({ TelemetryRecords: [{ Timestamp: new Date(), SegmentsSentCount: 1 }] }),
    );
    const { EncryptionConfig } = await xray.client.send(new GetEncryptionConfigCommand({}));
    expect(EncryptionConfig).toEqual({ Status: 'ACTIVE', Type: 'NONE' });
  });
});

describe.skipIf(!hasCli)('the aws command line', () => {
  it('puts segments and reads summaries and traces', async () => {
    const aws = async (...words: string[]): Promise<unknown> => {
      const { stdout } = await run(
        'aws',
        ['xray', ...words, '--endpoint-url', xray.gateway.url, '--region', 'us-east-1', '--output', 'json'],
        { env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } },
      );
      return JSON.parse(stdout);
    };
    const trace = newTrace(start);
    const document = JSON.stringify(
      segment({ trace_id: trace, name: 'by-cli', start_time: start, end_time: start + 1 }),
    );
    await aws('put-trace-segments', '--trace-segment-documents', document);
    const summaries = await aws(
      ...['get-trace-summaries', '--start-time', `${start - 9}`, '--end-time', `${start + 9}`],
      ...['--filter-expression', 'service("by-cli")'],
    );
    expect(summaries).toMatchObject({ TraceSummaries: [{ Id: trace, ResponseTime: 1 }] });
    expect(await aws('batch-get-traces', '--trace-ids', trace)).toMatchObject({
      Traces: [{ Id: trace, Segments: [{ Document: document }] }],
    });
  });
});
