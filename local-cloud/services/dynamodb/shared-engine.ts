import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileLogger } from '../../core/file-logger.ts';
import type { SharedEngine } from '../../core/shared-engine.ts';
import { createEngine, type Engine, ownDatabase } from './engine.ts';
import { createLocalClient, type LocalClient } from './local-client.ts';

/** Starts one with its data and its log in `folder`. It works until it is stopped, or until its folder's next one ends it. */
export async function startSharedEngine(
  folder: string,
  region = 'us-east-1',
): Promise<SharedEngine & { stop(): Promise<void> }> {
  mkdirSync(folder, { recursive: true });
  const logger = createFileLogger(join(folder, 'local-cloud.log'));
  const engine = createEngine(folder, logger, region, { apart: true });
  const { endpoint } = await engine.client();
  return {
    port: Number(new URL(endpoint).port),
    folder,
    async stop() {
      await engine.stop();
      await logger.close();
    },
  };
}

/** Where the tables of a local cloud are while a shared engine has them. */
interface Place {
  readonly accessKeyId: string;
  /** That of the engine. */
  readonly folder: string;
}

const placeOf = (folder: string) => join(folder, 'shared.json');
const databaseOf = ({ folder, accessKeyId }: Place, region: string) =>
  join(folder, 'data', `${accessKeyId}_${region}.db`);

/** Undefined where no engine of others has the tables, also not after a crash. */
function readPlace(folder: string): Place | undefined {
  const file = placeOf(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Place) : undefined;
}

/**
 * Takes the tables back from the engine that has them, if one has: after a crash they are still there, and what lies in
 * `folder` is older.
 */
export async function bringHome(folder: string, region: string): Promise<void> {
  const place = readPlace(folder);
  if (!place) return;
  const database = databaseOf(place, region);
  if (existsSync(database)) {
    const own = ownDatabase(folder);
    mkdirSync(join(folder, 'data'), { recursive: true });
    await copyFile(database, `${own}.new`);
    renameSync(`${own}.new`, own);
  }
  rmSync(placeOf(folder), { force: true });
  rmSync(database, { force: true });
}

/**
 * The share of one local cloud, whose own data lie in `folder`: brought to the engine at its first call and back when it
 * stops, as if it had an engine of its own. After a crash it goes on with what the engine still has.
 */
export function joinEngine(shared: SharedEngine, folder: string, region: string): Engine {
  const place = placeOf(folder);
  const own = ownDatabase(folder);
  let joined: Promise<{ client: LocalClient; database: string }> | undefined;

  async function take() {
    if (readPlace(folder)?.folder !== shared.folder) await bringHome(folder, region);
    const known = readPlace(folder);
    // A new key at each start: the engine holds on to the file of a key that it has seen.
    const accessKeyId = known?.accessKeyId ?? `world${randomBytes(8).toString('hex')}`;
    const database = databaseOf({ folder: shared.folder, accessKeyId }, region);
    if (!existsSync(database) && existsSync(own)) await copyFile(own, database);
    writeFileSync(place, JSON.stringify({ accessKeyId, folder: shared.folder }));
    return { client: createLocalClient(shared.port, region, accessKeyId), database };
  }

  return {
    async client() {
      joined ??= take().catch((error: unknown) => {
        joined = undefined;
        throw error;
      });
      return (await joined).client;
    },
    database: async () => (await joined)?.database ?? own,
    async stop() {
      const { client } = (await joined?.catch(() => undefined)) ?? {};
      if (!client) return;
      client.close();
      await bringHome(folder, region);
    },
  };
}
