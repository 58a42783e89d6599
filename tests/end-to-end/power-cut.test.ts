import { DynamoDBClient, type DynamoDBClientConfig, paginateScan } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan as paginateRows } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import observability from '#domains/observability/domain.ts';
import type { Outputs } from '#scripts/start/outputs.ts';
import { isFollowed, remove } from '#shared/definition/read-model.ts';
import { decodeCommit, isCommit } from '#shared/event-store/commit.ts';
import type { Envelope } from '#shared/messages/envelope.ts';
import { call, signInAs } from '../support/api.ts';
import {
  newDataDirectory,
  type Platform,
  removeDataDirectory,
  startPlatform,
  waitFor,
} from '../support/platform.ts';
import { ruleOnRequests } from '../support/rules.ts';

/** How often the power is cut; the deep tests cut it more often. */
const cuts = process.env['SKAFU_DEEP'] ? 10 : 2;
const dataDirectory = newDataDirectory();
let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform(dataDirectory);
});
afterAll(async () => {
  await platform?.stop();
  removeDataDirectory(dataDirectory);
});

const configurationOf = ({ awsEndpointUrl, region }: Outputs): DynamoDBClientConfig => ({
  endpoint: awsEndpointUrl,
  region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Every event in the store, by stream, oldest first. */
async function eventsByStream(outputs: Outputs): Promise<Map<string, Envelope[]>> {
  const client = new DynamoDBClient(configurationOf(outputs));
  const streams = new Map<string, Envelope[]>();
  const pages = paginateScan({ client }, { TableName: outputs.tables['eventStore'], ConsistentRead: true });
  for await (const page of pages) {
    for (const item of (page.Items ?? []).filter(isCommit)) {
      const { events } = decodeCommit(item);
      const key = `${events[0]?.stream.type}/${events[0]?.stream.id}`;
      streams.set(
        key,
        [...(streams.get(key) ?? []), ...events].sort((one, other) => one.version - other.version),
      );
    }
  }
  client.destroy();
  return streams;
}

/** The rows of every read model, by `<model>/<key>`. */
async function rows(outputs: Outputs): Promise<Map<string, unknown>> {
  const client = new DynamoDBClient(configurationOf(outputs));
  const found = new Map<string, unknown>();
  for (const name of Object.keys(observability.readModels)) {
    const pages = paginateRows(
      { client: DynamoDBDocumentClient.from(client) },
      { TableName: outputs.tables[name], ConsistentRead: true },
    );
    for await (const page of pages) {
      for (const item of page.Items ?? []) if (item['r']) found.set(`${name}/${item['k']}`, item['r']);
    }
  }
  client.destroy();
  return found;
}

/** What the rows must be: the fold of the store. */
function foldedRows(streams: Map<string, Envelope[]>): Map<string, unknown> {
  const folded = new Map<string, unknown>();
  for (const [name, model] of Object.entries(observability.readModels)) {
    for (const event of [...streams.values()].flat()) {
      if (!isFollowed(model, event.stream.type)) continue;
      const key = `${name}/${event.tenant}#${model.key ? model.key(event) : event.stream.id}`;
      const row = model.project(folded.get(key), event);
      if (row === undefined || row === remove) folded.delete(key);
      else folded.set(key, JSON.parse(JSON.stringify(row)));
    }
  }
  return folded;
}

/** Breaks at once, since nothing is ever measured: so alerts are raised while the power is cut, too. */
const rule = ruleOnRequests('nobody', { missingData: 'breaching' });

/** Sends commands without pause until `stopped`; answers what was acknowledged. */
async function sendCommands(
  outputs: Outputs,
  token: string,
  stopped: () => boolean,
): Promise<{ stream: string; version: number }[]> {
  const acknowledged: { stream: string; version: number }[] = [];
  const worker = async () => {
    while (!stopped()) {
      try {
        const defined = await call(outputs, 'POST', '/observability/alert-rules', {
          token,
          body: rule,
        });
        if (defined.status !== 201) continue;
        acknowledged.push(defined.body as { stream: string; version: number });
        const id = String(defined.body.stream).replace('alert-rule/', '');
        for (const [method, path] of [
          ['POST', `${id}/disable`],
          ['DELETE', id],
        ] as const) {
          if (path === id && acknowledged.length % 3 !== 0) continue;
          const changed = await call(outputs, method, `/observability/alert-rules/${path}`, {
            token,
            body: {},
          });
          if (changed.status === 200) acknowledged.push(changed.body as { stream: string; version: number });
        }
      } catch {
        // The connection went with the power: nothing was acknowledged.
      }
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return acknowledged;
}

describe('a power cut', { timeout: 600_000 }, () => {
  test(`loses no acknowledged event and leaves no row wrong (${cuts} times)`, async () => {
    const acknowledged: { stream: string; version: number }[] = [];
    for (let cut = 1; cut <= cuts; cut++) {
      const { id: token } = await signInAs(platform.outputs, 'operator');
      let off = false;
      const sending = sendCommands(platform.outputs, token, () => off);
      // Between half a second and three: before, between and after the parts have warmed up.
      await new Promise((resolve) => setTimeout(resolve, 500 + (2500 * cut) / cuts));
      await platform.kill();
      off = true;
      acknowledged.push(...(await sending));
      platform = await startPlatform(dataDirectory);
    }
    expect(acknowledged.length).toBeGreaterThan(0);

    const streams = await eventsByStream(platform.outputs);
    for (const { stream, version } of acknowledged)
      expect(streams.get(stream)?.length ?? 0).toBeGreaterThanOrEqual(version);
    for (const [stream, events] of streams) {
      expect(
        events.map((event) => event.version),
        stream,
      ).toEqual(events.map((_, index) => index + 1));
    }
    // Alerts go on being raised meanwhile, so both sides are read anew each time.
    const compare = async () => ({
      shown: sorted(await rows(platform.outputs)),
      folded: sorted(foldedRows(await eventsByStream(platform.outputs))),
    });
    const agree = async () => {
      const { shown, folded } = await compare();
      return (
        JSON.stringify(shown) === JSON.stringify(folded) && JSON.stringify(folded).includes('alertEpisodes/')
      );
    };
    await waitFor(agree, {
      seconds: 150,
      everyMilliseconds: 1000,
      what: 'every row to equal the fold',
    }).catch(async () => {
      const { shown, folded } = await compare();
      expect(shown).toEqual(folded);
    });
  });
});

/** Entries in order of key, fields in order of name: DynamoDB keeps neither. */
function sorted(value: unknown): unknown {
  if (value instanceof Map)
    return [...value]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, row]) => [key, sorted(row)]);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
