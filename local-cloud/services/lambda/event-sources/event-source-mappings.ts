import { randomUUID } from 'node:crypto';
import type { Cloud } from '../../../core/cloud.ts';
import type { ResourceHandler } from '../../../core/service.ts';
import type { FunctionRegistry } from '../function-registry.ts';
import type { Invoker } from '../invoker.ts';
import { forgetCheckpoints } from './checkpoints.ts';
import { type Mapping, readMapping } from './mapping.ts';
import { QueuePoller } from './queue-poller.ts';
import { type PollerOptions, StreamPoller } from './stream-poller.ts';

interface Poller {
  start(): void;
  stop(): Promise<void>;
}

export interface MappingDescription {
  UUID: string;
  FunctionArn: string;
  EventSourceArn: string;
  [field: string]: unknown;
}

const defaultPollerOptions: PollerOptions = { retryDelay: 250 };

/** All event source mappings, and the pollers that serve them. */
export class EventSourceMappings {
  readonly #cloud: Cloud;
  readonly #registry: FunctionRegistry;
  readonly #invoker: Invoker;
  readonly #options: PollerOptions;
  readonly #mappings = new Map<string, { mapping: Mapping; poller: Poller | undefined; changedAt: number }>();
  #started = false;

  constructor(cloud: Cloud, registry: FunctionRegistry, invoker: Invoker, options = defaultPollerOptions) {
    this.#cloud = cloud;
    this.#registry = registry;
    this.#invoker = invoker;
    this.#options = options;
  }

  /** `aws_lambda_event_source_mapping`. */
  resourceHandler(): ResourceHandler {
    return {
      apply: async ({ desired }, previous) => {
        const uuid = typeof previous?.['uuid'] === 'string' ? previous['uuid'] : randomUUID();
        const functionName = String(desired['function_name']);
        const { deployed, qualifier } = this.#registry.get(functionName);
        const { arn } = deployed.configuration;
        const functionArn = qualifier ? `${arn}:${qualifier}` : arn;
        await this.#replace(readMapping(uuid, functionArn, desired));
        return {
          ...desired,
          id: uuid,
          uuid,
          arn: arn.replace(/:function:.*/, `:event-source-mapping:${uuid}`),
          function_arn: functionArn,
          state: desired['enabled'] === false ? 'Disabled' : 'Enabled',
          state_transition_reason: 'USER_INITIATED',
          last_modified: new Date().toISOString(),
          last_processing_result: 'No records processed',
        };
      },
      remove: async (_address, previous) => {
        const uuid = String(previous['uuid']);
        const standing = this.#mappings.get(uuid);
        this.#mappings.delete(uuid);
        await standing?.poller?.stop();
        await forgetCheckpoints(this.#state(), uuid);
      },
    };
  }

  start(): void {
    this.#started = true;
    for (const { poller } of this.#mappings.values()) poller?.start();
  }

  async stop(): Promise<void> {
    this.#started = false;
    await Promise.all([...this.#mappings.values()].map(({ poller }) => poller?.stop()));
  }

  /** As ListEventSourceMappings answers them. */
  describe(): MappingDescription[] {
    return [...this.#mappings.values()].map(({ mapping, changedAt }) => ({
      UUID: mapping.uuid,
      FunctionArn: mapping.functionArn,
      EventSourceArn: mapping.eventSourceArn,
      State: mapping.enabled ? 'Enabled' : 'Disabled',
      StateTransitionReason: 'USER_INITIATED',
      LastModified: changedAt / 1000,
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.batchWindow / 1000,
      FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
      ...(mapping.kind === 'stream' ? describeStreamSettings(mapping) : {}),
    }));
  }

  async #replace(mapping: Mapping): Promise<void> {
    const standing = this.#mappings.get(mapping.uuid);
    await standing?.poller?.stop();
    const poller = mapping.enabled ? this.#createPoller(mapping) : undefined;
    this.#mappings.set(mapping.uuid, { mapping, poller, changedAt: Date.now() });
    if (this.#started) poller?.start();
  }

  #createPoller(mapping: Mapping): Poller {
    const invoke = (payload: string, linkedTraces?: readonly string[]) =>
      this.#invoker.invoke(mapping.functionArn, payload, linkedTraces ? { linkedTraces } : {});
    const configuration = () => this.#registry.get(mapping.functionArn).deployed.configuration;
    return mapping.kind === 'stream'
      ? new StreamPoller(this.#cloud, mapping, this.#state(), configuration, invoke, this.#options)
      : new QueuePoller(this.#cloud, mapping, configuration, invoke);
  }

  #state() {
    return this.#cloud.state.namespace('lambda-event-sources');
  }
}

function describeStreamSettings(mapping: Mapping): object {
  return {
    StartingPosition: mapping.startingPosition,
    ParallelizationFactor: 1,
    BisectBatchOnFunctionError: mapping.bisects,
    MaximumRetryAttempts: mapping.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: mapping.maximumRecordAgeSeconds,
    DestinationConfig: mapping.onFailureArn ? { OnFailure: { Destination: mapping.onFailureArn } } : {},
  };
}
