import { join } from 'node:path';
import type { Cloud, Isolation } from '../../core/cloud.ts';
import type { Service } from '../../core/service.ts';
import { linkTree } from '../../world/files.ts';
import { handleLambdaRequest } from './api/api.ts';
import { AsynchronousInvocations } from './asynchronous-invocations.ts';
import { EventSourceMappings } from './event-sources/event-source-mappings.ts';
import { FunctionRegistry } from './function-registry.ts';
import { CodeSources } from './hot-reload.ts';
import { Invoker } from './invoker.ts';
import { MadeFunctions } from './made-functions.ts';
import { Permissions } from './permissions.ts';
import type { PoolLimits } from './pool.ts';
import { functionResources } from './resources.ts';
import { FunctionTags } from './tags.ts';
import { functionsView } from './views.ts';
import { wantedOfLambda } from './wanted.ts';

export interface LambdaOptions {
  /** Milliseconds before each retry of an asynchronous invocation. */
  retryDelays?: number[];
  poolLimits?: PoolLimits;
  /** Where absent, as `LOCAL_ISOLATION` or the cloud says. */
  isolation?: Isolation;
}

/** Throws where `LOCAL_ISOLATION` is neither. */
function chosenIsolation(): Isolation | undefined {
  const { LOCAL_ISOLATION: chosen } = process.env;
  if (chosen === undefined || chosen === 'process' || chosen === 'thread') return chosen;
  throw new Error(`LOCAL_ISOLATION is ${chosen}, and has to be process or thread.`);
}

/** AWS Lambda: Node.js functions in processes of their own, asynchronous invocations and event source mappings. */
export function createLambda(cloud: Cloud, options: LambdaOptions = {}): Service {
  const registry = new FunctionRegistry(
    cloud,
    options.poolLimits,
    options.isolation ?? chosenIsolation() ?? cloud.isolation,
  );
  const made = new MadeFunctions(registry);
  const permissions = new Permissions(cloud, registry);
  const tags = new FunctionTags(registry, made);
  const loaded = Promise.all([made.loaded, permissions.load(), tags.load()]);
  // Whoever waits for it meets its failure; until then it must not count as unhandled.
  loaded.catch(() => {});
  const sources = new CodeSources(cloud, registry);
  const invoker = new Invoker(cloud, registry);
  const asynchronous = new AsynchronousInvocations(cloud, registry, invoker, options.retryDelays);
  const mappings = new EventSourceMappings(cloud, registry, invoker);
  cloud.ports.functions = {
    invoke: async (arnOrName, payload, invokeOptions = {}) => {
      const {
        logTail: _,
        executedVersion: _version,
        ...invocation
      } = await invoker.invoke(arnOrName, textOf(payload), invokeOptions);
      return invocation;
    },
    enqueue: async (arnOrName, payload, invokeOptions = {}) => {
      await asynchronous.enqueue(arnOrName, textOf(payload), invokeOptions.traceHeader);
    },
  };
  return {
    signingNames: ['lambda'],
    resources: {
      ...functionResources({ cloud, registry, made, sources }),
      aws_lambda_event_source_mapping: mappings.resourceHandler(),
    },
    views: [functionsView(registry)],
    wanted: (_operation, _input, request) =>
      wantedOfLambda(request, `arn:aws:lambda:${cloud.region}:${cloud.accountId}:`),
    async handle(request) {
      await loaded;
      const parts = { cloud, registry, made, permissions, tags, invoker, asynchronous, mappings };
      return handleLambdaRequest(parts, request);
    },
    follow: (say) => sources.follow(say),
    async prepare() {
      await loaded;
    },
    async survey(standing) {
      permissions.survey(standing);
      tags.survey(standing);
    },
    hold: async () => ({
      copyTo: (folder) => linkTree(join(cloud.dataDirectory, 'functions'), join(folder, 'functions')),
      release: () => undefined,
    }),
    async resume() {
      await mappings.resume();
      await asynchronous.resume();
    },
    async stop() {
      sources.stop();
      asynchronous.stop();
      await mappings.stop();
      await registry.end();
    },
  };
}

function textOf(payload: unknown): string {
  return JSON.stringify(payload === undefined ? {} : payload);
}
