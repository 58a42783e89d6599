import { randomUUID } from 'node:crypto';
import { block, blocks } from '../../../core/blocks.ts';
import type { Cloud } from '../../../core/cloud.ts';
import { AwsError } from '../../../core/errors.ts';
import type { Attributes, ResourceHandler } from '../../../core/service.ts';
import { parseFunctionName } from '../configuration.ts';
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

interface StandingMapping {
  mapping: Mapping;
  poller: Poller | undefined;
  changedAt: number;
  /** By the names of the Terraform, whoever said it. */
  desired: Attributes;
}

const defaultPollerOptions: PollerOptions = { retryDelay: 250 };

/** All event source mappings, and the pollers that serve them. */
export class EventSourceMappings {
  readonly #cloud: Cloud;
  readonly #registry: FunctionRegistry;
  readonly #invoker: Invoker;
  readonly #options: PollerOptions;
  readonly #mappings = new Map<string, StandingMapping>();
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
        const { functionArn } = await this.#put(uuid, desired);
        return {
          ...desired,
          id: uuid,
          uuid,
          arn: functionArn.replace(/:function:.*/, `:event-source-mapping:${uuid}`),
          function_arn: functionArn,
          state: desired['enabled'] === false ? 'Disabled' : 'Enabled',
          state_transition_reason: 'USER_INITIATED',
          last_modified: new Date().toISOString(),
          last_processing_result: 'No records processed',
        };
      },
      remove: (_address, previous) => this.remove(String(previous['uuid'])),
    };
  }

  /** Makes what a client asks for, by the names of the Terraform; it outlasts a restart. */
  async create(desired: Attributes): Promise<MappingDescription> {
    const uuid = randomUUID();
    const functionArn = this.#arnOf(desired);
    const mapping = readMapping(uuid, functionArn, desired);
    const twin = [...this.#mappings.values()].find(
      (each) =>
        each.mapping.functionArn === functionArn && each.mapping.eventSourceArn === mapping.eventSourceArn,
    );
    if (twin) {
      throw new AwsError(
        'ResourceConflictException',
        `The event source arn (" ${mapping.eventSourceArn} ") and function (" ${functionArn} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${twin.mapping.uuid}`,
        409,
      );
    }
    await this.#state().put(madeKey(uuid), desired);
    await this.#put(uuid, desired);
    return { ...this.#describeOne(uuid), State: 'Creating' };
  }

  /** Changes what is given and leaves the rest. */
  async update(uuid: string, given: Attributes): Promise<MappingDescription> {
    const desired = { ...this.#mappings.get(uuid)?.desired, ...given };
    readMapping(uuid, this.#arnOf(desired), desired);
    if (await this.#state().get(madeKey(uuid))) await this.#state().put(madeKey(uuid), desired);
    await this.#put(uuid, desired);
    return { ...this.#describeOne(uuid), State: 'Updating' };
  }

  async remove(uuid: string): Promise<void> {
    const standing = this.#mappings.get(uuid);
    this.#mappings.delete(uuid);
    await this.#state().delete(madeKey(uuid));
    await standing?.poller?.stop();
    await forgetCheckpoints(this.#state(), uuid);
  }

  /** Begins to poll, for what clients made in an earlier process too. */
  async resume(): Promise<void> {
    for (const { key, value } of await this.#state().list<Attributes>('made/')) {
      const uuid = key.slice('made/'.length);
      if (this.#registry.has(parseFunctionName(String(value['function_name'])).name))
        await this.#put(uuid, value);
      else await this.remove(uuid);
    }
    this.#started = true;
    for (const { poller } of this.#mappings.values()) poller?.start();
  }

  async stop(): Promise<void> {
    this.#started = false;
    await Promise.all([...this.#mappings.values()].map(({ poller }) => poller?.stop()));
  }

  /** As ListEventSourceMappings answers them. */
  describe(): MappingDescription[] {
    return [...this.#mappings.keys()].map((uuid) => this.#describeOne(uuid));
  }

  #describeOne(uuid: string): MappingDescription {
    const standing = this.#mappings.get(uuid);
    if (!standing) throw new AwsError('ResourceNotFoundException', `There is no mapping ${uuid}.`, 404);
    const { mapping, changedAt, desired } = standing;
    const filters = blocks(block(desired['filter_criteria'])?.['filter']);
    return {
      UUID: mapping.uuid,
      EventSourceMappingArn: mapping.functionArn.replace(/:function:.*/, `:event-source-mapping:${uuid}`),
      FunctionArn: mapping.functionArn,
      EventSourceArn: mapping.eventSourceArn,
      State: mapping.enabled ? 'Enabled' : 'Disabled',
      StateTransitionReason: 'USER_INITIATED',
      LastModified: changedAt / 1000,
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.batchWindow / 1000,
      FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
      ...(filters.length > 0
        ? { FilterCriteria: { Filters: filters.map(({ pattern }) => ({ Pattern: pattern })) } }
        : {}),
      ...(mapping.kind === 'stream' ? describeStreamSettings(mapping) : {}),
    };
  }

  #arnOf(desired: Attributes): string {
    const { deployed, qualifier } = this.#registry.get(String(desired['function_name']));
    const { arn } = deployed.configuration;
    return qualifier ? `${arn}:${qualifier}` : arn;
  }

  async #put(uuid: string, desired: Attributes): Promise<Mapping> {
    const mapping = readMapping(uuid, this.#arnOf(desired), desired);
    await this.#mappings.get(uuid)?.poller?.stop();
    const poller = mapping.enabled ? this.#createPoller(mapping) : undefined;
    this.#mappings.set(uuid, { mapping, poller, changedAt: Date.now(), desired });
    if (this.#started) poller?.start();
    return mapping;
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

const madeKey = (uuid: string) => `made/${uuid}`;

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
