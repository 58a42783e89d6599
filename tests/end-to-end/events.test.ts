import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, signInAs } from '../support/api.ts';
import {
  accessibilityViolations,
  browserHint,
  chromiumPath,
  narrow,
  overflow,
  settled,
  wide,
} from '../support/browser.ts';
import { type OperatorConsole, openOperatorConsole } from '../support/operator-console.ts';
import { type Platform, waitFor } from '../support/platform.ts';
import { ruleOnRequests } from '../support/rules.ts';

let opened: OperatorConsole | undefined;
let platform: Platform;
let page: Page;
let errors: string[];
let token: string;
let id: string;
let correlationId: string;

beforeAll(async () => {
  if (!chromiumPath) return;
  opened = await openOperatorConsole();
  ({ platform, page, errors, token } = opened);
});
afterAll(async () => {
  await opened?.stop();
});

const get = (path: string, as = token) => call(platform.outputs, 'GET', path, { token: as });
const change = (threshold: number) =>
  call(platform.outputs, 'PUT', `/observability/alert-rules/${id}`, {
    token,
    body: ruleOnRequests('any', { threshold }),
  });

async function fitsEverybody(): Promise<void> {
  // A link half below the bar at the top would be too small a target.
  await page.evaluate(() => window.scrollTo(0, 0));
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.setViewportSize(narrow);
  await waitFor(async () => (await overflow(page)) === 0, { what: 'the page to fit a narrow window' });
  await page.setViewportSize(wide);
}

describe.skipIf(!chromiumPath)(`what happened to a rule${browserHint}`, { timeout: 180_000 }, () => {
  test('is found from its page, event by event', async () => {
    const defined = await call(platform.outputs, 'POST', '/observability/alert-rules', {
      token,
      body: ruleOnRequests('any'),
    });
    id = String(defined.body.stream).replace('alert-rule/', '');
    await change(40);
    correlationId = (await change(50)).headers.get('x-correlation-id') ?? '';
    await waitFor(async () => (await get(`/observability/alert-rules/${id}`)).body.version === 3, {
      what: 'the rule to be changed twice',
    });
    await page.goto(`${platform.outputs.consoleUrl}/observability/alert-rules/${id}`);
    await page.getByRole('link', { name: 'All 3 of this rule' }).click();
    await page.getByRole('heading', { name: 'Alert rule stream' }).waitFor();
    await settled(page);
    await page.getByRole('button', { name: /Details of event 2/ }).click();
    expect(await page.getByRole('region', { name: 'Data of AlertRuleChanged' }).innerText()).toContain(
      'threshold: 40',
    );
    await fitsEverybody();
  });

  test('shows what it was at any version, by keyboard, and what each event changed', async () => {
    const state = (version: number) => page.getByRole('region', { name: `State at version ${version}` });
    expect(await state(3).innerText()).toMatch(/changed threshold: 40 → 50/);
    await page.getByRole('slider').focus();
    await page.keyboard.press('ArrowLeft');
    await state(2).waitFor();
    expect(await state(2).innerText()).toMatch(/changed threshold: 30 → 40/);
    expect(new URL(page.url()).searchParams.get('version')).toBe('2');
    await page.reload();
    await state(2).waitFor();
  });

  test('is listed among the streams, and found by the beginning of its id', async () => {
    await waitFor(
      async () => (await get('/events/streams?type=alert-rule')).body.items?.some((row) => row['id'] === id),
      { what: 'the stream to be listed' },
    );
    await page.goto(`${platform.outputs.consoleUrl}/events/streams?type=alert-rule`);
    await page.getByLabel('Id begins with').fill(id.slice(0, 20));
    await page.getByRole('link', { name: id }).waitFor();
    await settled(page);
    await fitsEverybody();
  });

  test('leads to the lineage of each request: its event, the read models, and the trace', async () => {
    await waitFor(async () => (await get(`/events/lineage/${correlationId}`)).body.items?.length, {
      what: 'the lineage to have its event',
    });
    await page.goto(`${platform.outputs.consoleUrl}/events/streams/alert-rule/${id}`);
    await page.getByRole('link', { name: correlationId }).first().click();
    await page.getByRole('heading', { name: 'Lineage' }).waitFor();
    await page.getByText('All have followed to the end').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /observability\/alert-rules/ }).click();
    const row = page.getByRole('region', {
      name: 'What the event did to the row of observability/alert-rules',
    });
    expect(await row.innerText()).toMatch(/changed threshold: 40 → 50/);
    await settled(page);
    await fitsEverybody();
    await page
      .getByRole('link', { name: /^1-[0-9a-f]{8}-/ })
      .first()
      .click();
    await page.getByRole('heading', { name: /PUT \/api\/v1\/observability\/alert-rules/ }).waitFor();
    expect(errors).toEqual([]);
  });

  test('is unknown to other tenants', async () => {
    const neighbour = (await signInAs(platform.outputs, 'operator', 'neighbour')).id;
    expect((await get(`/events/streams/alert-rule/${id}`, neighbour)).status).toBe(404);
    expect((await get(`/events/streams/alert-rule/${id}/state`, neighbour)).status).toBe(404);
    expect((await get(`/events/lineage/${correlationId}`, neighbour)).body.items).toEqual([]);
    expect((await get('/events/streams?type=alert-rule', neighbour)).body.items).toEqual([]);
  });
});
