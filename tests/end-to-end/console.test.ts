import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { call, signInAs } from '../support/api.ts';
import {
  browserHint,
  chromiumPath,
  demoUser,
  launchBrowser,
  listenForErrors,
  openPage,
  screenshot,
  settled,
  signIn,
} from '../support/browser.ts';
import { type Platform, removeDataDirectory, startPlatform, waitFor } from '../support/platform.ts';
import { apiIdOf, makeTraffic } from '../support/traffic.ts';

const ruleName = 'Many requests';
const note = 'Found the client that calls so often.';

describe.skipIf(!chromiumPath)(`a person with a browser${browserHint}`, () => {
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  let errors: string[];
  let token: string;
  let apiId: string;
  let traffic: ReturnType<typeof makeTraffic> | undefined;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
    token = (await signInAs(platform.outputs, 'operator')).id;
    apiId = await apiIdOf(platform.outputs, token);
    page = await openPage(browser);
  });
  afterAll(async () => {
    await traffic?.stop();
    await browser?.close();
    await platform?.stop();
    removeDataDirectory(platform?.dataDirectory);
  });

  // Every step stands on the one before: what a person saw when the first one failed says why.
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await screenshot(page, `failed-${task.name.replaceAll(' ', '-')}`);
  });

  const address = (path: string) => `${platform.outputs.consoleUrl}${path}`;
  const heading = (name: string | RegExp) => page.getByRole('heading', { name }).first();
  const navigate = (name: string) =>
    page
      .getByRole('navigation', { name: 'Main navigation' })
      .getByRole('link', { name, exact: true })
      .click();
  /** Chooses in a drop-down of the form as a person does. */
  const choose = async (label: string, option: string) => {
    await page.getByRole('button', { name: new RegExp(`^${label}`) }).click();
    // Its description may follow in the name, but no further dimension.
    await page.getByRole('option', { name: new RegExp(`^${option}(?!,)`) }).click();
  };

  test('is told that the password is wrong', async () => {
    await page.goto(address('/'));
    await signIn(page, demoUser(platform.outputs, 'operator').email, 'not the password');
    await page.getByText('Email or password is wrong.').waitFor();
    expect(await page.getByLabel('Password').isVisible()).toBe(true);
  });

  test('signs in and sees how the platform does, in numbers of what has really run', async () => {
    const { email, password } = demoUser(platform.outputs, 'operator');
    await signIn(page, email, password);
    // From here on nothing may go wrong; before, the browser itself reports the refused sign-in.
    errors = listenForErrors(page);
    await heading('Platform health').waitFor();
    const invocations = page
      .locator('dl, div')
      .filter({ hasText: /^Lambda invocations\s*[1-9]/ })
      .last();
    await invocations.waitFor();
    await page.getByText('No open alerts').waitFor();
  });

  test('draws a metric, whose view stands in the address', async () => {
    await navigate('Metrics');
    await page.getByText('No metrics chosen').waitFor();
    await page.getByRole('button', { name: 'Add metrics' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByPlaceholder(/^Find by name/).fill(`AWS/ApiGateway Count ApiId=${apiId})`);
    await dialog.getByRole('checkbox', { name: /^Choose AWS\/ApiGateway Count/ }).check({ force: true });
    await dialog.getByRole('button', { name: /^Statistic/ }).click();
    await page.getByRole('option', { name: 'Sum', exact: true }).click();
    await dialog.getByRole('button', { name: 'Add 1 metric' }).click();
    await page.getByRole('figure').locator('canvas').waitFor();
    const label = `Count Sum (ApiId=${apiId})`;
    await page.getByRole('figure').getByText(label).waitFor();

    const twin = await page.context().newPage();
    await twin.goto(page.url());
    await twin.getByRole('figure').locator('canvas').waitFor();
    await twin.getByRole('figure').getByText(label).waitFor();
    await twin.close();

    await page.getByRole('button', { name: 'Table', exact: true }).click();
    const table = page.getByRole('figure').getByRole('table');
    await table.getByRole('columnheader', { name: label }).waitFor();
    // The latest minute with requests stands among its rows.
    await table
      .getByRole('row')
      .filter({ hasText: /[1-9]\d*$/ })
      .first()
      .waitFor();
  });

  let alertRuleId: string;

  test('creates an alert rule and sees the metric with the line while doing so', async () => {
    await navigate('Alert rules');
    await page
      .getByRole('button', { name: 'Create alert rule' })
      .or(page.getByRole('link', { name: 'Create alert rule' }))
      .first()
      .click();
    await heading('Create alert rule').waitFor();
    await page.getByLabel('Name', { exact: true }).fill(ruleName);
    await page.getByLabel('Namespace').fill('AWS/ApiGateway');
    await page.getByLabel('Metric', { exact: true }).fill('Count');
    await choose('Dimensions', `ApiId=${apiId}`);
    await choose('Statistic', 'Sum');
    await page.getByLabel('Threshold').fill('30');
    await choose('Missing data', 'Count as not breaching');
    await page.getByRole('figure').locator('canvas').waitFor();
    await page.getByRole('figure').getByText('Count Sum').waitFor();
    await screenshot(page, 'life-rule-form');
    await page.getByRole('button', { name: 'Create alert rule' }).click();
    await page.getByText(`Created alert rule ${ruleName}`).waitFor();
    const link = page.getByRole('link', { name: ruleName });
    alertRuleId = ((await link.getAttribute('href')) ?? '').replace(/^.*\/|\?.*$/g, '');
    expect(alertRuleId).not.toBe('');
  });

  test('sees the alert come up on the open page when traffic breaks the rule', async () => {
    await judgeEveryTenSeconds();
    await navigate('Alerts');
    await page.getByText('No open alerts').waitFor();
    traffic = makeTraffic(platform.outputs);
    await page.getByRole('link', { name: ruleName }).waitFor({ timeout: 90_000 });
    await page.getByText(`Warning alert raised: ${ruleName}`).first().waitFor();
    await screenshot(page, 'life-raised');
  });

  /**
   * The form offers no period below a minute; a test should not wait for minutes to pass. One of three keeps the alert
   * open, whatever a busy machine makes of ten seconds of the traffic.
   */
  async function judgeEveryTenSeconds(): Promise<void> {
    const path = `/observability/alert-rules/${alertRuleId}`;
    // The read model follows the command within moments, on a busy machine within more of them.
    const rule = await waitFor(
      async () => {
        const found = await call(platform.outputs, 'GET', path, { token });
        return found.status === 200 ? found : undefined;
      },
      { what: 'the rule to be there' },
    );
    const { name, severity, metric, statistic, comparison, threshold, missingData } = rule.body;
    const { version } = rule.body;
    const definition = { name, severity, metric, statistic, comparison, threshold, missingData };
    const answer = await call(platform.outputs, 'PUT', path, {
      token,
      headers: { 'if-match': `"${version}"` },
      body: { ...definition, evaluationPeriods: 3, datapointsToAlarm: 1, period: 10 },
    });
    expect(answer.status).toBe(200);
  }

  test('acknowledges it with a note', async () => {
    await page.getByRole('button', { name: `Acknowledge ${ruleName}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(note);
    await dialog.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await page.getByText(`Acknowledged: ${ruleName}`).first().waitFor();
    await page.getByText('Open, acknowledged').waitFor();
  });

  test('sees it go by itself when the traffic stops', async () => {
    await traffic?.stop();
    await page.getByText('No open alerts').waitFor({ timeout: 90_000 });
    await page.getByRole('tab', { name: 'Past' }).click();
    await page.getByRole('link', { name: ruleName }).waitFor();
  });

  test('reads all that happened on its page', async () => {
    await page.getByRole('link', { name: ruleName }).click();
    const history = page.getByRole('table', { name: 'History' });
    const row = (name: string) => history.getByRole('row').filter({ hasText: name });
    await row('Resolved').waitFor();
    await row('Raised').waitFor();
    const acknowledged = await row('Acknowledged').innerText();
    expect(acknowledged).toContain(note);
    expect(acknowledged).toMatch(/\byou\b/);
    await settled(page);
    await screenshot(page, 'life-history');
  });

  test('met no error on the way', () => {
    expect(errors).toEqual([]);
  });

  test('is the one who acknowledged, to others', async () => {
    const history = await waitFor(
      async () =>
        (await call(platform.outputs, 'GET', `/observability/alerts/${alertRuleId}/history`, { token })).body
          .items,
      { what: 'the history' },
    );
    expect(history.map(({ type }) => type)).toEqual(['AlertResolved', 'AlertAcknowledged', 'AlertRaised']);
  });
});
