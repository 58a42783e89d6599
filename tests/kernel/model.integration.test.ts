import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventStore } from '#shared/event-store/event-store.ts';
import { createRowStore } from '#shared/read-models/row-store.ts';
import { createMemoryEventStore } from '#shared/testing/memory-event-store.ts';
import { createMemoryRowStore } from '#shared/testing/memory-row-store.ts';
import { runModel, tellFingerprints } from './model-run.ts';
import { type ModelName, modelNames, models, scripts } from './model-steps.ts';
import { expectTruth } from './model-truth.ts';
import { eventStoreTable, type KernelPlatform, modelTables, startKernelPlatform } from './platform.ts';

const isDeep = process.env['SKAFU_DEEP'] === '1';

/** One thing for each model, by its name. */
const each = <Value>(make: (name: ModelName) => Value) =>
  Object.fromEntries(modelNames.map((name) => [name, make(name)])) as Record<ModelName, Value>;

beforeAll(tellFingerprints);

describe('commands that meet, die and come again, and events that are repeated, reordered, delayed and lost', () => {
  // The scheduler decides who goes on at each turn: a failure tells the seed with which it happens again.
  test('lead in memory to what the events say, each applied once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), scripts, async (scheduler, script) => {
        const turn = () => scheduler.schedule(Promise.resolve());
        const store = createMemoryEventStore();
        const rows = each((name) => createMemoryRowStore(models[name], turn));
        const outcome = await scheduler.waitFor(runModel({ store, rows, turn }, script));
        await expectTruth(store, outcome, async (name) => rows[name].rows());
      }),
      { numRuns: isDeep ? 20_000 : 300 },
    );
  }, 1_200_000);

  describe('on DynamoDB', () => {
    let platform: KernelPlatform;
    let plain: DynamoDBClient;
    beforeAll(async () => {
      platform = await startKernelPlatform();
      plain = new DynamoDBClient({});
    });
    afterAll(async () => {
      plain.destroy();
      await platform.stop();
    });

    test('lead to what the events say, each applied once', async () => {
      const client = DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } });
      const store = createEventStore(plain, eventStoreTable);
      const rows = each((name) => createRowStore(client, modelTables[name], models[name]));
      const rowsIn = async (name: ModelName, tenant: string) => {
        const found = new Map<string, unknown>();
        for await (const { Items: items = [] } of paginateScan(
          { client },
          { TableName: modelTables[name] },
        )) {
          for (const { k, r } of items)
            if (String(k).startsWith(`${tenant}#`) && r !== undefined) found.set(String(k), r);
        }
        return found;
      };
      const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
      await fc.assert(
        fc.asyncProperty(scripts, async (script) => {
          const outcome = await runModel({ store, rows, turn }, script);
          const tenant = outcome.streams[0]?.tenant ?? '';
          await expectTruth(store, outcome, (name) => rowsIn(name, tenant));
        }),
        { numRuns: isDeep ? 300 : 8 },
      );
    }, 1_200_000);
  });
});

test('a seed leads to the same run again', async () => {
  const runs = await Promise.all([1, 1, 2].map(async (seed) => fc.sample(scripts, { seed, numRuns: 3 })));
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]).not.toEqual(runs[2]);
});
