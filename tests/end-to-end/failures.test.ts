import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeCommit } from '#shared/event-store/commit.ts';
import { publish } from '#shared/event-store/publish.ts';
import { call, signInAs } from '../support/api.ts';
import {
  accessibilityViolations,
  browserHint,
  chromiumPath,
  launchBrowser,
  listenForErrors,
  openPage,
  sessionOf,
  settled,
} from '../support/browser.ts';
import { type Platform, removeDataDirectory, startPlatform, waitFor } from '../support/platform.ts';
import { ruleOnRequests } from '../support/rules.ts';

const storeTable = 'skafu-local-platform-event-store';
const rulesTable = 'skafu-local-observability-alert-rules';
const patience = { seconds: 120 };

let platform: Platform;
let browser: Browser;
let page: Page;
let errors: string[];
let token: string;
let database: DynamoDBClient;
let bus: EventBridgeClient;

beforeAll(async () => {
  if (!chromiumPath) return;
  platform = await startPlatform();
  const access = {
    endpoint: platform.outputs.awsEndpointUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  database = new DynamoDBClient(access);
  bus = new EventBridgeClient(access);
  token = (await signInAs(platform.outputs, 'operator')).id;
  browser = await launchBrowser();
  page = await openPage(browser, { storageState: await sessionOf(browser, platform.outputs, 'operator') });
  errors = listenForErrors(page);
});
afterAll(async () => {
  await browser?.close();
  database?.destroy();
  bus?.destroy();
  await platform?.stop();
  removeDataDirectory(platform?.dataDirectory);
});

const get = (path: string) => call(platform.outputs, 'GET', path, { token });
const post = (path: string, body: object) => call(platform.outputs, 'POST', path, { token, body });
const idOf = ({ body }: { body: { stream?: string } }) => String(body.stream).split('/')[1] ?? '';
const key = (id: string, commit: number) => ({
  s: { S: `skafu#alert-rule#${id}` },
  c: { N: `${commit}` },
});

async function commitOf(id: string, commit: number): Promise<Record<string, AttributeValue>> {
  const { Item: item } = await database.send(
    new GetItemCommand({ TableName: storeTable, Key: key(id, commit) }),
  );
  if (!item) throw new Error(`There is no commit ${commit} of ${id}.`);
  return item;
}

const listedRule = async (id: string) =>
  (await get('/observability/alert-rules')).body.items?.find(({ alertRuleId }) => alertRuleId === id);

describe.skipIf(!chromiumPath)(`a read model that cannot read on${browserHint}`, { timeout: 300_000 }, () => {
  let poisoned: string;
  let failureId: string;
  let first: Record<string, AttributeValue>;

  test('holds the stream, which is told as one failure, while other streams flow on', async () => {
    poisoned = idOf(await post('/observability/alert-rules', ruleOnRequests('any', { name: 'Poisoned' })));
    await post(`/observability/alert-rules/${poisoned}/disable`, {});
    await waitFor(async () => (await listedRule(poisoned))?.['enabled'] === false, {
      ...patience,
      what: 'both events to be projected',
    });

    // The first commit is gone and the row with it: whoever reads the stream from its beginning refuses it.
    first = await commitOf(poisoned, 1);
    const last = decodeCommit(await commitOf(poisoned, 2)).events;
    await database.send(new DeleteItemCommand({ TableName: storeTable, Key: key(poisoned, 1) }));
    await database.send(
      new DeleteItemCommand({ TableName: rulesTable, Key: { k: { S: `skafu#${poisoned}` } } }),
    );
    await publish(bus, 'skafu-local-events', last);

    const healthy = idOf(
      await post('/observability/alert-rules', ruleOnRequests('any', { name: 'Healthy' })),
    );
    await waitFor(() => listedRule(healthy), { ...patience, what: 'the other stream to flow' });
    const failure = await waitFor(
      async () =>
        (await get('/events/failures')).body.items?.find(
          ({ component }) => component === 'observability/alert-rules',
        ),
      { ...patience, what: 'the failure of the read model' },
    );
    expect(failure).toMatchObject({ name: 'StreamCorrupt', status: 'open', affected: 1 });
    failureId = String(failure['failureId']);
    const { body } = await get(`/events/failures/${failureId}/streams`);
    expect(body.items).toMatchObject([{ id: poisoned, state: 'held', position: 0 }]);
    expect((await get(`/events/failures/${failureId}`)).body['stack']).toContain('StreamCorrupt');
  });

  test('is told on pages that everybody can read', async () => {
    await page.goto(`${platform.outputs.consoleUrl}/events/failures`);
    // Every read model that follows the stream has a failure of its own.
    await page.locator(`a[href$="/events/failures/${failureId}"]`).first().click();
    await page.getByRole('heading', { name: 'StreamCorrupt', level: 1 }).waitFor();
    await page.getByRole('table', { name: 'Affected streams' }).getByText('Held', { exact: true }).waitFor();
    await settled(page);
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test('reads on in order when it is redriven after the fix, and shows it', async () => {
    await database.send(new PutItemCommand({ TableName: storeTable, Item: first }));
    await page.getByRole('button', { name: 'Redrive', exact: true }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive' }).click();
    const rule = await waitFor(
      async () => {
        const row = await listedRule(poisoned);
        return row?.['enabled'] === false ? row : undefined;
      },
      { ...patience, what: 'the row to be as both events made it' },
    );
    expect(rule).toMatchObject({ name: 'Poisoned' });
    await waitFor(
      async () =>
        ((await get(`/events/failures/${failureId}/streams?state=done`)).body.items ?? []).length > 0,
      { ...patience, what: 'the stream to be told as released' },
    );
    await page.getByRole('button', { name: 'Released' }).click();
    await page
      .getByRole('table', { name: 'Affected streams' })
      .getByText('Released', { exact: true })
      .waitFor();
  });

  test('is resolved with a reason, and stands among the resolved ones', async () => {
    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('The commit was put back.');
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve' }).click();
    await page.getByText('The commit was put back.').first().waitFor();
    await page.goto(`${platform.outputs.consoleUrl}/events/failures?status=resolved`);
    await page
      .getByRole('link', { name: /StreamCorrupt/ })
      .first()
      .waitFor();
    await settled(page);
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
