import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EngineAddress } from '../../core/cloud.ts';
import { Gate } from '../../core/gate.ts';
import type { CreateService } from '../../core/service.ts';
import { createEngine } from './engine.ts';
import { holdDatabase } from './held.ts';
import { authorizationFor, behind, type LocalClient } from './local-client.ts';
import { createMeasure } from './measure.ts';
import { createNames } from './names.ts';
import { createProxy } from './proxy.ts';
import { bringHome, joinEngine } from './shared-engine.ts';
import { storedTables } from './stored.ts';
import { tableExists, tableResource } from './table-resource.ts';
import { createTableSettings } from './table-settings.ts';
import { wantedOfDynamodb } from './wanted.ts';

/** DynamoDB and DynamoDB Streams: AWS's own DynamoDB Local, supervised, with what it lacks added in front of it. */
export const createDynamodb: CreateService = (cloud) => {
  const folder = resolve(cloud.dataDirectory, 'dynamodb');
  mkdirSync(folder, { recursive: true });
  const engine = cloud.sharedEngine
    ? joinEngine(cloud.sharedEngine, folder, cloud.region)
    : createEngine(folder, cloud.logger, cloud.region);
  const gate = new Gate();
  const names = createNames(cloud.region, cloud.accountId);
  const settings = createTableSettings(cloud.state.namespace('dynamodb'), names, async (table) =>
    tableExists(await client(), table),
  );
  let address: EngineAddress | undefined;

  async function client(): Promise<LocalClient> {
    const local = await engine.client();
    address = { endpoint: local.endpoint, authorization: authorizationFor(local.accessKeyId, cloud.region) };
    return behind(gate, local);
  }

  cloud.ports.tables = {
    engine() {
      if (!address) throw new Error('DynamoDB has not started yet.');
      return address;
    },
    localStreamArn: async (streamArn) => names.toLocal(streamArn),
  };

  return {
    signingNames: ['dynamodb'],
    resources: { aws_dynamodb_table: tableResource(client, names, settings) },
    wanted: (operation, input) => wantedOfDynamodb(operation, input, names.arnPrefix),
    handle: createProxy(client, names, settings.operations, createMeasure(cloud)),
    holdings: async () => storedTables(await client(), names.arnPrefix),
    async prepare() {
      if (!cloud.sharedEngine) await bringHome(folder, cloud.region);
      await client();
    },
    hold: () => holdDatabase(gate, engine),
    stop: () => engine.stop(),
  };
};
