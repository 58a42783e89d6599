import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '#local-cloud';
import { buildAll } from '../build/build.ts';
import { deployConsole } from '../deploy-console.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { ensureDemoUsers } from './demo-users.ts';
import type { StartOptions } from './options.ts';
import { type Outputs, removeOutputs, writeOutputs } from './outputs.ts';
import { assertPortFree } from './ports.ts';

/** Told of each stage that has ended, with how long it took. */
export type OnStage = (stage: string, milliseconds: number, unchanged?: boolean) => void;

export interface RunningPlatform {
  readonly outputs: Outputs;
  stop(): Promise<void>;
}

/** Builds what has changed, starts the local cloud on the synthesized stacks, deploys the console, makes demo users. */
export async function startPlatform(
  root: string,
  options: StartOptions,
  onStage: OnStage,
): Promise<RunningPlatform> {
  const { dataDirectory } = options;
  removeOutputs(dataDirectory);
  await assertPortFree(options.port, '--port');
  await assertPortFree(options.awsPort, '--aws-port');
  prepareDataDirectory(dataDirectory, options.fresh);
  await buildAll(root, 'local', ({ name, milliseconds, unchanged }) =>
    onStage(`build ${name}`, milliseconds, unchanged),
  );

  const cloud = await startLocalCloud({
    stacksDirectory: join(root, 'cdktf.out/stacks'),
    dataDirectory,
    awsPort: options.awsPort,
    consolePort: options.port,
    // Our own functions are trusted with the process, and start sooner in it.
    isolation: 'thread',
    onProgress: onStage,
  });
  try {
    const outputs = await deploy(root, cloud, options, onStage);
    writeOutputs(dataDirectory, outputs);
    return {
      outputs,
      stop: async () => {
        removeOutputs(dataDirectory);
        await cloud.stop();
      },
    };
  } catch (error) {
    await cloud.stop();
    throw error;
  }
}

async function deploy(
  root: string,
  cloud: LocalCloud,
  options: StartOptions,
  onStage: OnStage,
): Promise<Outputs> {
  const output = (stack: string, name: string) => {
    const value = cloud.outputs[stack]?.[name];
    if (typeof value === 'string') return value;
    throw new Error(`The stack ${stack} has no output ${name}.`);
  };
  const pool = {
    region: output('platform', 'region'),
    userPoolId: output('platform', 'userPoolId'),
    userPoolClientId: output('platform', 'userPoolClientId'),
  };
  const endpoint = cloud.endpointUrl;
  await timed('deploy console', onStage, () =>
    deployConsole({
      endpoint,
      bucket: output('console', 'consoleBucket'),
      directory: join(root, 'frontend/dist'),
      config: { environment: 'local', ...pool, userPoolEndpoint: endpoint },
    }),
  );
  const users = await timed('demo users', onStage, () =>
    ensureDemoUsers(options.dataDirectory, { endpoint, ...pool }),
  );
  const consoleUrl = `http://127.0.0.1:${options.port}`;
  const apiUrl = `${consoleUrl}/api/v1`;
  await timed('check health', onStage, () => assertHealthy(apiUrl));
  return {
    consoleUrl,
    apiUrl,
    awsEndpointUrl: endpoint,
    ...pool,
    tables: { eventStore: output('platform', 'eventStoreTable'), ...readModelTables(cloud) },
    buses: { events: output('platform', 'eventsBus'), errors: output('platform', 'errorsBus') },
    users,
  };
}

/** Asks through the front door, as the first user will: "ready" is said of what has answered, not of what was started. */
async function assertHealthy(apiUrl: string): Promise<void> {
  const answer = await fetch(`${apiUrl}/health`);
  if (!answer.ok)
    throw new Error(`The platform answers ${answer.status} when asked for its health: see local-cloud.log.`);
}

/** Tables of the domains' read models by their role: `skafu-local-observability-alert-rules` is `alertRules`. */
function readModelTables(cloud: LocalCloud): Record<string, string> {
  const names = cloud.resources
    .filter(({ type, address }) => type === 'aws_dynamodb_table' && !address.startsWith('platform/'))
    .map(({ address, attributes }) => [address.split('/')[0] ?? '', String(attributes['name'])] as const);
  return Object.fromEntries(
    names.map(([stack, name]) => [camelCase(name.slice(`skafu-local-${stack}-`.length)), name]),
  );
}

const camelCase = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

async function timed<Result>(stage: string, onStage: OnStage, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work();
  onStage(stage, performance.now() - started);
  return result;
}
