import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../core/free-port.ts';
import type { Logger } from '../../core/logger.ts';
import { checkJava } from './java.ts';
import type { LocalClient } from './local-client.ts';
import { createLocalClient } from './local-client.ts';
import { endOrphan } from './orphan.ts';

/** DynamoDB Local as a child process of ours. */
export interface Engine {
  /** Starts the engine at the first call, and answers when it takes requests. */
  client(): Promise<LocalClient>;
  /** The file that holds the tables. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

const JAR = 'DynamoDBLocal.jar';
const START_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 5_000;

/** Where an engine that works for one local cloud alone keeps the tables. */
export const ownDatabase = (folder: string) => join(folder, 'data', 'shared-local-instance.db');

/** Data, log and process record live in `folder`. `apart` keeps the tables of each access key and region apart. */
export function createEngine(folder: string, logger: Logger, region: string, { apart = false } = {}): Engine {
  let running: Promise<{ child: ChildProcess; client: LocalClient }> | undefined;
  let stopping = false;
  let port: number | undefined;
  const record = join(folder, 'process.json');

  async function start(): Promise<{ child: ChildProcess; client: LocalClient }> {
    await checkJava();
    const home = engineHome();
    const data = join(folder, 'data');
    mkdirSync(data, { recursive: true });
    await endOrphan(record, JAR, data, logger);
    // Whoever polls streams knows the port, so an engine that is started again keeps it.
    port ??= await freePort();
    const child = launch(home, data, port, join(folder, 'engine.log'), apart);
    writeFileSync(record, JSON.stringify({ pid: child.pid }));
    child.once('exit', (code, signal) => {
      if (stopping) return;
      logger.error('DynamoDB Local ended unexpectedly; the next request starts it again.', { code, signal });
      running = undefined;
    });
    const client = createLocalClient(port, region);
    await untilReady(child, client, join(folder, 'engine.log'));
    return { child, client };
  }

  return {
    async client() {
      if (stopping) throw new Error('DynamoDB is stopping.');
      running ??= start().catch((error: unknown) => {
        running = undefined;
        throw error;
      });
      return (await running).client;
    },
    database: async () => ownDatabase(folder),
    async stop() {
      stopping = true;
      const engine = await running?.catch(() => undefined);
      if (!engine) return;
      engine.client.close();
      await end(engine.child);
      rmSync(record, { force: true });
    },
  };
}

/** `DYNAMODB_LOCAL_HOME`, or the folder of the npm package through which AWS publishes the engine. */
function engineHome(): string {
  const chosen = process.env['DYNAMODB_LOCAL_HOME'];
  const packaged = () =>
    join(
      dirname(createRequire(import.meta.url).resolve('amplify-dynamodb-simulator/package.json')),
      'emulator',
    );
  const home = chosen ?? packaged();
  if (existsSync(join(home, JAR))) return home;
  throw new Error(
    chosen
      ? `DYNAMODB_LOCAL_HOME is ${home}, which holds no ${JAR}.`
      : `${home} holds no ${JAR}: run "npm ci" again.`,
  );
}

function launch(home: string, data: string, port: number, logFile: string, apart: boolean): ChildProcess {
  const log = openSync(logFile, 'w', 0o600);
  const libraries = join(home, 'DynamoDBLocal_lib');
  const machine = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', `-Djava.library.path=${libraries}`];
  const options = [
    ...(apart ? [] : ['-sharedDb']),
    '-dbPath',
    data,
    '-port',
    String(port),
    '-disableTelemetry',
  ];
  // A group of its own: Ctrl-C must not end it while others still write their last.
  const child = spawn(
    'java',
    [...machine, '-jar', join(home, JAR), ...options, '-cors', 'http://127.0.0.1'],
    {
      cwd: home,
      stdio: ['ignore', log, log],
      detached: true,
    },
  );
  closeSync(log);
  return child;
}

async function untilReady(child: ChildProcess, client: LocalClient, logFile: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + START_MILLISECONDS;
  while (Date.now() < deadline) {
    if (failure || child.exitCode !== null || child.signalCode !== null) break;
    try {
      await client.call('ListTables', { Limit: 1 });
      return;
    } catch {
      await delay(20);
    }
  }
  child.kill('SIGKILL');
  throw new Error(
    `DynamoDB Local did not start${failure ? ` (${failure.message})` : ''}; its log is ${logFile}.`,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await exited;
  clearTimeout(timer);
}
