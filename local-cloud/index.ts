import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MovableClock } from './core/clock.ts';
import type { Cloud, Isolation } from './core/cloud.ts';
import { Faults } from './core/faults.ts';
import { createFileLogger } from './core/file-logger.ts';
import { type LevelState, openLevelState, StateLockedError } from './core/level-state.ts';
import type { Logger } from './core/logger.ts';
import { createPorts } from './core/ports.ts';
import type { Attributes, DataReader, ResourceHandler, Service } from './core/service.ts';
import type { SharedEngine } from './core/shared-engine.ts';
import { listen, PortTakenError } from './gateway/gateway.ts';
import { clockActions, clockView } from './page/clock-actions.ts';
import { faultActions, faultsView } from './page/fault-actions.ts';
import { createPage } from './page/page.ts';
import { resourcesView } from './page/resources-view.ts';
import { services } from './services.ts';
import { openTelemetry } from './telemetry/index.ts';
import {
  applyPlan,
  checkTypes,
  type Kept,
  keptNamespace,
  type Made,
  planTerraform,
} from './terraform/apply.ts';
import { type Change, differenceOf } from './terraform/difference.ts';
import { forkWorld } from './world/fork.ts';
import { takeSnapshot } from './world/snapshot.ts';

export type { SharedEngine } from './core/shared-engine.ts';
export { startSharedEngine } from './services/dynamodb/shared-engine.ts';

export interface LocalCloudOptions {
  /** Folder of the synthesized stacks: `<stacksDirectory>/<stack>/cdk.tf.json`. */
  stacksDirectory: string;
  /** Everything that lasts is kept here; one process at a time. */
  dataDirectory: string;
  /** Port of the AWS endpoint on 127.0.0.1; 0 takes a free one. */
  awsPort: number;
  /** Another port with the same on it: clients of Step Functions look at 8083. */
  alsoPort?: number | undefined;
  /** Port of the front door of the CloudFront distribution. */
  consolePort: number;
  /** `us-east-1` by default. */
  region?: string;
  /** A snapshot to begin with where the data directory is empty. */
  from?: string;
  /** The engine of `startSharedEngine`; by default one of its own is started. */
  engine?: SharedEngine;
  /** How functions are kept apart, unless `LOCAL_ISOLATION` says so; by default in processes. */
  isolation?: Isolation;
  /** Called as each stage ends. */
  onProgress?(stage: string, milliseconds: number): void;
}

export interface LocalCloud {
  /** `http://127.0.0.1:<port>` */
  endpointUrl: string;
  /** Values of the Terraform outputs, by stack and name. */
  outputs: Record<string, Record<string, unknown>>;
  resources: { address: string; type: string; attributes: Attributes; tags: Record<string, string> }[];
  /**
   * Reads the Terraform again and does only what differs: what has not changed goes on undisturbed, and data stay. Throws
   * `TerraformError` when it cannot be read or one of its resources cannot be made.
   */
  apply(): Promise<Change[]>;
  /** What `apply` would do. Throws `TerraformError`. */
  plan(): Promise<Change[]>;
  /**
   * Copies all that is here at this moment into a folder that is not there yet, from which others can begin: see `from`.
   * Throws one sentence when the folder is there or cannot be written.
   */
  snapshot(folder: string): Promise<void>;
  /** The time of its services, which can be moved ahead. */
  clock: Pick<MovableClock, 'now' | 'ahead' | 'waits' | 'advance'>;
  /** From now on, code that changes on disk is what runs next; each such change is said. */
  follow(say: (line: string) => void): Promise<void>;
  /** Ends everything that was started. Throws when a service failed to end, after all others have. */
  stop(): Promise<void>;
}

/** The start was refused; the message is one sentence for the person who started it. */
export class LocalCloudError extends Error {
  override name = 'LocalCloudError';
}

/** What ends one started thing; they run in reverse. */
type Ending = { name: string; end: () => Promise<void> };

/**
 * Applies the synthesized Terraform to this machine and serves it. Nothing is touched when the Terraform cannot be
 * read, the port is taken or the data directory is in use: these throw one sentence that says what to do.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const endings: Ending[] = [];
  try {
    return await start(options, endings);
  } catch (error) {
    // What stood in the way of the start is worth more than what stood in the way of the end.
    await endAll(endings).catch(() => undefined);
    throw error;
  }
}

async function start(options: LocalCloudOptions, endings: Ending[]): Promise<LocalCloud> {
  const stage = stopwatch(options.onProgress);
  const plan = planTerraform(options.stacksDirectory);
  stage('read the stacks');

  const dataDirectory = resolve(options.dataDirectory);
  if (options.from !== undefined) {
    await begin(resolve(options.from), dataDirectory);
    stage('copy the snapshot');
  }
  const state = await holdData(dataDirectory);
  endings.push({ name: 'state', end: () => state.close() });
  const logger = createFileLogger(join(dataDirectory, 'local-cloud.log'));
  endings.push({ name: 'log', end: () => logger.close() });
  const gateway = await takePorts(options, logger);
  endings.push({ name: 'gateway', end: () => gateway.close() });
  const telemetry = await openTelemetry(dataDirectory, logger);
  // Ended after the gateway, whose last requests are still recorded.
  endings.splice(-1, 0, { name: 'telemetry', end: () => telemetry.close() });

  const clock = await MovableClock.open(state.namespace('clock'));
  const cloud: Cloud = {
    region: options.region ?? 'us-east-1',
    accountId: '000000000000',
    dataDirectory,
    endpointUrl: gateway.url,
    consolePort: options.consolePort,
    sharedEngine: options.engine,
    isolation: options.isolation,
    state,
    telemetry,
    logger,
    ports: createPorts(),
    clock,
    faults: new Faults(),
  };
  const running = await createServices(cloud, endings);
  const handlers = handlersOf(running);
  const readers = readersOf(running);
  checkTypes(plan, handlers, readers);
  stage('open the services');

  const prepared = Promise.all(running.map((service) => service.prepare?.()));
  const made: Made = new Map();
  let [applied] = await Promise.all([applyPlan(plan, cloud, handlers, made, readers), prepared]);
  stage(`apply ${applied.resources.length} resources`);
  const readAgain = async () => {
    const next = planTerraform(options.stacksDirectory);
    checkTypes(next, handlers, readers);
    const kept = await state.namespace(keptNamespace).list<Kept>();
    return { next, changes: differenceOf(next, new Map(kept.map(({ key, value }) => [key, value]))) };
  };
  const planAgain = async () => (await readAgain()).changes;
  let applying: Promise<unknown> = Promise.resolve();
  const applyAgain = async () => {
    const { next, changes } = await readAgain();
    applied = await applyPlan(next, cloud, handlers, made, readers);
    for (const service of running)
      await service.survey?.({ services: running, resources: applied.resources });
    logger.info('The Terraform was applied again.', { changes });
    return changes;
  };
  /** One after the other; one that fails does not keep the next from being tried. */
  const apply = () => {
    const next = applying.then(applyAgain);
    applying = next.catch(() => undefined);
    return next;
  };
  // Before the services start: what they start may call the endpoint.
  const isReal = (type: string) => handlers.has(type);
  const resources = resourcesView(() => applied.resources, isReal, planAgain);
  const views = [
    resources,
    ...running.flatMap((service) => service.views ?? []),
    clockView(clock),
    faultsView(cloud.faults),
  ];
  const snapshot = (folder: string) =>
    takeSnapshot({ dataDirectory, state, telemetry, services: running }, resolve(folder));
  const actions = {
    'GET plan': planAgain,
    'GET list': () =>
      applied.resources.map(({ address, attributes }) => ({
        address,
        id: String(attributes['arn'] ?? attributes['id'] ?? ''),
      })),
    'POST apply': () => apply(),
    'POST snapshot': async ({ folder }: Readonly<Record<string, unknown>>) => {
      if (typeof folder !== 'string' || folder === '') throw new Error('folder must name a folder.');
      await snapshot(folder);
      return { folder: resolve(folder) };
    },
    ...clockActions(clock),
    ...faultActions(cloud.faults),
  };
  gateway.open(running, cloud, createPage(views, actions));
  const standing = { services: running, resources: applied.resources };
  for (const service of running) await service.survey?.(standing);
  for (const service of running) await service.start?.();
  stage('start the services');
  // A backlog may take minutes: whoever starts the cloud need not wait for it.
  for (const service of running) {
    service.resume?.().catch((error: unknown) => {
      logger.error('What an earlier process left could not be taken up; it is at the next start.', { error });
    });
  }
  logger.info('The local cloud is ready.', { endpointUrl: gateway.url, resources: applied.resources.length });

  let stopped: Promise<void> | undefined;
  return {
    endpointUrl: gateway.url,
    get outputs() {
      return applied.outputs;
    },
    get resources() {
      return applied.resources;
    },
    plan: planAgain,
    apply,
    snapshot,
    clock,
    async follow(say) {
      await Promise.all(running.map((service) => service.follow?.(say)));
    },
    stop() {
      stopped ??= endAll(endings, logger);
      return stopped;
    },
  };
}

function stopwatch(onProgress: LocalCloudOptions['onProgress']): (stage: string) => void {
  let since = performance.now();
  return (stage) => {
    onProgress?.(stage, performance.now() - since);
    since = performance.now();
  };
}

async function holdData(dataDirectory: string): Promise<LevelState> {
  try {
    mkdirSync(dataDirectory, { recursive: true });
    return await openLevelState(join(dataDirectory, 'state'));
  } catch (error) {
    const advice =
      error instanceof StateLockedError
        ? `The data folder ${dataDirectory} is in use by another local cloud: stop that one, or choose another folder.`
        : `The data folder ${dataDirectory} cannot be opened (${rootMessage(error)}): repair, remove or replace it.`;
    throw new LocalCloudError(advice, { cause: error });
  }
}

function rootMessage(error: unknown): string {
  const root = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return root instanceof Error ? root.message : String(root);
}

/** Throws `LocalCloudError`. */
async function begin(from: string, dataDirectory: string): Promise<void> {
  try {
    await forkWorld(from, dataDirectory);
  } catch (error) {
    throw new LocalCloudError(`The snapshot cannot be used: ${rootMessage(error)}`, { cause: error });
  }
}

async function takePorts({ awsPort, alsoPort }: LocalCloudOptions, logger: Logger) {
  try {
    return await listen(awsPort, logger, alsoPort);
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    throw new LocalCloudError(
      `The port ${error.port} for the AWS endpoint is taken: stop what listens there, or choose another port.`,
    );
  }
}

async function createServices(cloud: Cloud, endings: Ending[]): Promise<Service[]> {
  const created: Service[] = [];
  for (const [name, create] of services) {
    const service = await create(cloud);
    created.push(service);
    endings.push({ name, end: async () => service.stop?.() });
  }
  return created;
}

/** A type belongs to one service: the second one would silently take the place of the first. */
function handlersOf(running: Service[]): Map<string, ResourceHandler> {
  const handlers = new Map<string, ResourceHandler>();
  for (const [type, handler] of running.flatMap(({ resources }) => Object.entries(resources))) {
    if (handlers.has(type)) throw new Error(`Two services of the local cloud make ${type}.`);
    handlers.set(type, handler);
  }
  return handlers;
}

function readersOf(running: Service[]): Map<string, DataReader> {
  return new Map(running.flatMap(({ dataSources = {} }) => Object.entries(dataSources)));
}

/** Ends everything in reverse; one that fails does not keep the others running. */
async function endAll(endings: Ending[], logger?: Logger): Promise<void> {
  const failures: unknown[] = [];
  for (const { name, end } of endings.toReversed()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
      logger?.error('A part did not end cleanly.', { part: name, error });
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The local cloud did not end cleanly.');
}
