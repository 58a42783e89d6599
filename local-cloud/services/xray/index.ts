import type { Cloud } from '../../core/cloud.ts';
import { notSupported } from '../../core/errors.ts';
import type { AwsResponse, Service } from '../../core/service.ts';
import { encodeJson } from '../../gateway/json.ts';
import { telemetryStore } from '../../telemetry/index.ts';
import { listenForSegments } from './daemon.ts';
import { getServiceGraph, getTraceGraph } from './graph.ts';
import { openGroups } from './groups.ts';
import { type Input, inputOf, objects } from './input.ts';
import { putTraceSegments } from './put-segments.ts';
import { openSamplingRules } from './sampling-rules.ts';
import { createSamplingTargets } from './sampling-targets.ts';
import { getTraceSummaries } from './summaries.ts';
import { batchGetTraces } from './traces.ts';
import { counted } from './usage.ts';
import { wantedOfXray } from './wanted.ts';

type Operation = (input: Input) => Promise<object> | object;

/** AWS X-Ray: takes segments over UDP, as the daemon, and over PutTraceSegments, and finds traces and tells them. */
export async function createXray(cloud: Cloud): Promise<Service> {
  const { telemetry } = cloud;
  const daemon = await listenForSegments((document) => telemetry.segment(document), cloud.logger);
  cloud.xrayDaemonAddress = daemon.address;
  const groups = await openGroups(cloud);
  const rules = await openSamplingRules(cloud);
  const sampling = createSamplingTargets(rules);
  const traces = () => counted(cloud, telemetryStore(telemetry).traces);

  const operations: Record<string, Operation> = {
    '/TraceSegments': (input) => putTraceSegments(telemetry, input),
    '/TelemetryRecords': (input) => {
      objects(input, 'TelemetryRecords');
      return {};
    },
    '/Traces': (input) => batchGetTraces(traces(), input),
    '/TraceGraph': (input) => getTraceGraph(traces(), input),
    '/ServiceGraph': (input) => getServiceGraph(traces(), groups, groups.find, input),
    '/GetSamplingRules': () => ({ SamplingRuleRecords: rules.all() }),
    '/CreateSamplingRule': async (input) => ({ SamplingRuleRecord: await rules.create(input) }),
    '/UpdateSamplingRule': async (input) => ({ SamplingRuleRecord: await rules.update(input) }),
    '/DeleteSamplingRule': async (input) => ({ SamplingRuleRecord: await rules.remove(input) }),
    '/SamplingTargets': (input) => sampling.targets(input),
    '/SamplingStatisticSummaries': () => sampling.summaries(),
    '/Groups': () => ({ Groups: groups.all() }),
    '/GetGroup': (input) => ({ Group: groups.existing(input) }),
    '/CreateGroup': async (input) => ({ Group: await groups.create(input) }),
    '/UpdateGroup': async (input) => ({ Group: await groups.update(input) }),
    '/DeleteGroup': async (input) => {
      await groups.remove(input);
      return {};
    },
    '/EncryptionConfig': () => ({ EncryptionConfig: { Status: 'ACTIVE', Type: 'NONE' } }),
  };

  return {
    signingNames: ['xray'],
    resources: { aws_xray_group: groups.resource, aws_xray_sampling_rule: rules.resource },
    wanted: (_operation, _input, request) => wantedOfXray(request),
    async handle(request): Promise<AwsResponse> {
      const { method, path } = request;
      if (method === 'POST' && path === '/TraceSummaries') {
        return getTraceSummaries(traces(), groups.find, await inputOf(request));
      }
      const operation = method === 'POST' && Object.hasOwn(operations, path) ? operations[path] : undefined;
      if (!operation) throw notSupported('X-Ray', `${method} ${path}`);
      const output = await operation(await inputOf(request));
      return { status: 200, headers: { 'content-type': 'application/json' }, body: encodeJson(output) };
    },
    stop: () => daemon.close(),
  };
}
