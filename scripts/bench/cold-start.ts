import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { unzipSync } from 'fflate';
import { bundleOptions } from '../build/bundle.ts';
import { median } from './statistics.ts';

/** Times of one function's cold start, in milliseconds, and their ratio to the floor's. */
export interface ColdStart {
  /** `<stack>/<function>` */
  readonly name: string;
  /** Size of the bundle in bytes. */
  readonly bytes: number;
  /** From the import of the bundle to a handler that can be called. */
  readonly load: number;
  /** From the start of the process to a handler that can be called. */
  readonly process: number;
  readonly loadRatio: number;
  readonly processRatio: number;
}

export interface ColdStarts {
  /** The handler that imports only client-dynamodb. */
  readonly floor: Sample;
  readonly functions: readonly ColdStart[];
  /** The same handler with the tracer loaded as well. */
  readonly tracer: ColdStart;
}

interface Sample {
  readonly load: number;
  readonly process: number;
}

interface Bundle {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** What Lambda and the stacks set; nothing else of this process's environment gets through. */
const environment = {
  PATH: process.env['PATH'] ?? '',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SESSION_TOKEN: 'bench',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
  AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  LAMBDA_TASK_ROOT: '/var/task',
  TRACING: 'xray',
  ENVIRONMENT: 'local',
  SERVICE: 'bench',
  FUNCTION: 'bench',
  LOG_LEVEL: 'INFO',
  INSTALLATION_TENANT: 'skafu',
  ERRORS_BUS: 'bench',
  EVENT_STORE_TABLE: 'bench',
  READ_MODEL_TABLE: 'bench',
};

/** What it would take to load the tracer at once; our functions load it at their first request. */
const tracerSource = `
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { tracing } from './shared/runtime/tracing.ts';
const client = (await tracing()).client(new DynamoDBClient({}));
export const handler = ({ id }) => client.send(new GetItemCommand({ TableName: 'bench', Key: { id: { S: id } } }));
`;

const floorSource = `
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = ({ id }) => client.send(new GetItemCommand({ TableName: 'bench', Key: { id: { S: id } } }));
`;

/**
 * Starts every function in fresh processes, in turns with a handler that imports only client-dynamodb.
 *
 * @param root the repository, built
 * @param work an empty folder
 * @param rounds how often each is started; one more round warms the disk's cache and is not counted
 */
export async function measureColdStarts(root: string, work: string, rounds: number): Promise<ColdStarts> {
  const floor = await bundle(root, work, 'floor', floorSource);
  const tracer = await bundle(root, work, 'tracer', tracerSource);
  const functions = unpackFunctions(join(root, '.build/functions'), work);
  const pairs = new Map([...functions, tracer].map((one) => [one, [] as { own: Sample; least: Sample }[]]));
  for (let round = 0; round <= rounds; round++) {
    // The floor runs beside each function, for a machine that is busy for a second must not tell them apart.
    for (const [one, samples] of pairs) {
      const least = await start(floor);
      const own = await start(one);
      if (round > 0) samples.push({ own, least });
    }
  }
  const all = [...pairs.values()].flat().map(({ least }) => least);
  const summaryOf = (one: Bundle) => summarize(one, pairs.get(one) ?? []);
  return {
    floor: {
      load: median(all.map(({ load }) => load)),
      process: median(all.map((sample) => sample.process)),
    },
    functions: functions.map(summaryOf),
    tracer: summaryOf(tracer),
  };
}

function summarize({ name, bytes }: Bundle, samples: { own: Sample; least: Sample }[]): ColdStart {
  return {
    name,
    bytes,
    load: median(samples.map(({ own }) => own.load)),
    process: median(samples.map(({ own }) => own.process)),
    loadRatio: median(samples.map(({ own, least }) => own.load / least.load)),
    processRatio: median(samples.map(({ own, least }) => own.process / least.process)),
  };
}

/** Bundled as every function is, so that the ratio tells of the code alone. */
async function bundle(root: string, work: string, name: string, source: string): Promise<Bundle> {
  const file = join(work, `${name}.mjs`);
  await build({
    stdin: { contents: source, resolveDir: root, sourcefile: `${name}.js` },
    outfile: file,
    ...bundleOptions(root),
  });
  return { name, file, bytes: readFileSync(file).length };
}

function unpackFunctions(folder: string, work: string): Bundle[] {
  return readdirSync(folder).flatMap((stack) => {
    mkdirSync(join(work, stack));
    return readdirSync(join(folder, stack)).map((zip) => {
      const name = basename(zip, '.zip');
      const contents = unzipSync(readFileSync(join(folder, stack, zip)))['index.mjs'];
      if (!contents) throw new Error(`${stack}/${zip} holds no index.mjs.`);
      const file = join(work, stack, `${name}.mjs`);
      writeFileSync(file, contents);
      return { name: `${stack}/${name}`, file, bytes: contents.length };
    });
  });
}

async function start({ file }: Bundle): Promise<Sample> {
  const probe = join(import.meta.dirname, 'cold-start-probe.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [probe, pathToFileURL(file).href], {
    env: environment,
  });
  return JSON.parse(stdout) as Sample;
}
