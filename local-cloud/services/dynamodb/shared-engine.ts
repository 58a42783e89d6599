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

/**
 * The share of one local cloud, whose own data lie in `folder`: brought to the engine at its first call and back when it
 * stops, as if it had an engine of its own. After a crash it goes on with what the engine still has.
 */
export function joinEngine(shared: SharedEngine, folder: string, region: string): Engine {
  const place = join(folder, 'shared.json');
  const own = ownDatabase(folder);
  let joined: Promise<{ client: LocalClient; database: string }> | undefined;

  async function take() {
    const known = existsSync(place)
      ? (JSON.parse(readFileSync(place, 'utf8')) as { accessKeyId: string; folder: string })
      : undefined;
    const databaseOf = (accessKeyId: string) => join(shared.folder, 'data', `${accessKeyId}_${region}.db`);
    const goesOn = known?.folder === shared.folder && existsSync(databaseOf(known.accessKeyId));
    // A new key at each start: the engine holds on to the file of a key that it has seen.
    const accessKeyId = goesOn ? known.accessKeyId : `world${randomBytes(8).toString('hex')}`;
    const database = databaseOf(accessKeyId);
    if (!goesOn && existsSync(own)) await copyFile(own, database);
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
      const { client, database } = (await joined?.catch(() => undefined)) ?? {};
      if (!client || !database) return;
      client.close();
      if (existsSync(database)) {
        mkdirSync(join(folder, 'data'), { recursive: true });
        await copyFile(database, `${own}.new`);
        renameSync(`${own}.new`, own);
      }
      rmSync(place, { force: true });
      rmSync(database, { force: true });
    },
  };
}
