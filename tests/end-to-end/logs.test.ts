import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, signInAs } from '../support/api.ts';
import {
  accessibilityViolations,
  browserHint,
  chromiumPath,
  launchBrowser,
  listenForErrors,
  narrow,
  openPage,
  overflow,
  type StorageState,
  screenshot,
  sessionOf,
  settled,
  wide,
} from '../support/browser.ts';
import { type Platform, removeDataDirectory, startPlatform, waitFor } from '../support/platform.ts';

/** An id of our own, by which the lines of one request are found again. */
const correlationId = 'logs-end-to-end';

describe.skipIf(!chromiumPath)(`the logs page${browserHint}`, () => {
  let platform: Platform;
  let browser: Browser;
  let session: StorageState;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
    const { outputs } = platform;
    const token = (await signInAs(outputs, 'operator')).id;
    // A refusal is logged with the correlation id that it was asked with.
    const refused = await call(outputs, 'GET', '/observability/metrics/data?from=never', {
      token,
      headers: { 'x-correlation-id': correlationId },
    });
    expect(refused.status).toBe(400);
    session = await sessionOf(browser, outputs, 'operator');
    await waitFor(() => isLogged(token), { seconds: 60, what: 'the line of the request' });
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    removeDataDirectory(platform?.dataDirectory);
  });

  async function isLogged(token: string): Promise<boolean> {
    const search = new URLSearchParams({
      query: `fields @message | filter @message like "${correlationId}"`,
      from: new Date(Date.now() - 3_600_000).toISOString(),
      to: new Date().toISOString(),
    });
    const { body } = await call(platform.outputs, 'GET', `/observability/logs?${search}`, { token });
    return Array.isArray(body['rows']) && body['rows'].length > 0;
  }
  const open = async (search: Record<string, string>, page?: Page): Promise<Page> => {
    const shown = page ?? (await openPage(browser, { storageState: session }));
    await shown.goto(`${platform.outputs.consoleUrl}/observability/logs?${new URLSearchParams(search)}`);
    return shown;
  };

  test.each(['light', 'dark'] as const)('is sound in %s mode, wide and narrow', async (colorScheme) => {
    const page = await openPage(browser, { colorScheme, storageState: session });
    const errors = listenForErrors(page);
    await open({ search: 'on', range: '1h' }, page);
    await page.getByRole('button', { name: 'Details of row 1', exact: true }).click();
    for (const viewport of [wide, narrow]) {
      await page.setViewportSize(viewport);
      await settled(page);
      await screenshot(page, `logs-${colorScheme}-${viewport.width}`);
      expect.soft(await accessibilityViolations(page), `at ${viewport.width}`).toEqual([]);
      expect.soft(await overflow(page), `overflow at ${viewport.width}`).toBe(0);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test('finds the lines of one request in every log group, and leads on from one of them', async () => {
    const page = await open({ request: correlationId, range: '1h' });
    await page.getByText('All lines of one request').waitFor();
    await page.getByRole('button', { name: 'Details of row 1', exact: true }).click();
    await page.getByRole('link', { name: 'Open trace' }).waitFor();
    await page.getByRole('button', { name: 'Lines around this one' }).click();
    await page.locator('li[aria-current]').waitFor();
    await page.context().close();
  });

  test('says at the query what is wrong with it, and runs it once it is right', async () => {
    const page = await open({ mode: 'query', query: 'fiels @message', range: '1h' });
    await page.getByText('CloudWatch Logs cannot read the query').waitFor();
    await page.getByRole('textbox', { name: 'Query' }).fill('fields @message | limit 3');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('heading', { name: 'Lines (3)' }).waitFor();
    expect(new URL(page.url()).searchParams.get('query')).toBe('fields @message | limit 3');
    await page.context().close();
  });

  test('makes of a bar the range', async () => {
    const page = await open({ search: 'on', range: '3h' });
    await page.getByRole('slider', { name: 'Read the lines at a point in time' }).press('Enter');
    await page.waitForURL(/from=/);
    await page.context().close();
  });
});
