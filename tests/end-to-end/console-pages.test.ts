import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, signInAs } from '../support/api.ts';
import {
  accessibilityViolations,
  browserHint,
  type ColorScheme,
  chromiumPath,
  demoUser,
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
import { ruleOnRequests } from '../support/rules.ts';
import { apiIdOf } from '../support/traffic.ts';

/** Both silence and any real traffic break it, so that the alert stays open whatever the tests do. */
const alwaysBroken = { comparison: 'LessThanThreshold', threshold: 1_000_000, missingData: 'breaching' };

/** Wants to be told of what nobody has acknowledged for longer than the tests take. */
const patientChannel = {
  name: 'Second line',
  kind: 'webhook',
  url: 'https://hooks.example.com/',
  severities: ['critical', 'warning', 'info'],
  moments: ['escalated'],
  escalateAfter: 120,
};

describe.skipIf(!chromiumPath)(`the console's pages${browserHint}`, () => {
  let platform: Platform;
  let browser: Browser;
  let apiId: string;
  let openAlert: string;
  const sessions: Record<'operator' | 'viewer' | 'neighbour', StorageState | undefined> = {
    operator: undefined,
    viewer: undefined,
    neighbour: undefined,
  };

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startPlatform(), launchBrowser()]);
    const { outputs } = platform;
    const token = (await signInAs(outputs, 'operator')).id;
    apiId = await apiIdOf(outputs, token);
    await call(outputs, 'POST', '/observability/notification-channels', { token, body: patientChannel });
    const [open, past] = await Promise.all(['Open for the tests', 'Past for the tests'].map(createRule));
    sessions.operator = await sessionOf(browser, outputs, 'operator');
    sessions.viewer = await sessionOf(browser, outputs, 'viewer');
    sessions.neighbour = await sessionOf(browser, outputs, 'operator', 'neighbour');
    await alerts('open', 2);
    await call(outputs, 'DELETE', `/observability/alert-rules/${past}`, { token });
    await alerts('past', 1);
    const escalations = async () =>
      (await call(outputs, 'GET', '/events/processes', { token })).body.items ?? [];
    await waitFor(async () => (await escalations()).length > 0, { what: 'the alert’s escalation to wait' });
    openAlert = open ?? '';

    async function createRule(name: string): Promise<string> {
      const body = ruleOnRequests(apiId, { name, ...alwaysBroken });
      const answer = await call(outputs, 'POST', '/observability/alert-rules', { token, body });
      return String(answer.body.stream).replace('alert-rule/', '');
    }
    async function alerts(status: string, count: number): Promise<void> {
      const path = `/observability/alerts?status=${status}`;
      const enough = async () => (await call(outputs, 'GET', path, { token })).body.items?.length === count;
      await waitFor(enough, { seconds: 60, what: `${count} ${status} alerts` });
    }
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
    removeDataDirectory(platform?.dataDirectory);
  });

  const address = (path: string) => `${platform.outputs.consoleUrl}${path}`;
  const openAs = (who: keyof typeof sessions, colorScheme: ColorScheme = 'light') =>
    openPage(browser, { colorScheme, storageState: sessions[who] });

  const metric = () => ({ namespace: 'AWS/ApiGateway', metricName: 'Count', dimensions: { ApiId: apiId } });
  const pages: [name: string, path: () => string][] = [
    ['overview', () => '/'],
    ['metrics-empty', () => '/observability/metrics'],
    ['metrics', () => `/observability/metrics?${seriesSearch()}`],
    ['alarms', () => '/observability/alarms'],
    ['alert-rules', () => '/observability/alert-rules'],
    ['alert-rule', () => `/observability/alert-rules/${openAlert}`],
    [
      'new-rule',
      () =>
        `/observability/alert-rules/new?${new URLSearchParams({ metric: JSON.stringify(metric()), statistic: 'Sum' })}`,
    ],
    ['edit-rule', () => `/observability/alert-rules/${openAlert}/edit`],
    ['alerts-open', () => '/observability/alerts'],
    ['alerts-past', () => '/observability/alerts?tab=past'],
    ['alert', () => `/observability/alerts/${openAlert}?episode=1`],
    ['processes', () => '/events/processes'],
    ['read-models', () => '/events/read-models'],
    ['unknown', () => '/no/such/page'],
  ];
  const seriesSearch = () =>
    new URLSearchParams({ series: JSON.stringify([{ id: 'm1', ...metric(), statistic: 'Sum' }]) });

  /** The full run takes every page in both modes; the usual one takes each page in one of them, by turns. */
  const isChosenFor = (colorScheme: ColorScheme) => (_: unknown, index: number) =>
    process.env['SKAFU_DEEP'] === '1' || (index % 2 === 0) === (colorScheme === 'light');

  describe.each<ColorScheme>(['light', 'dark'])('in %s mode', (colorScheme) => {
    test('sign-in', async () => {
      await expectSound(await openPage(browser, { colorScheme }), '/', `sign-in-${colorScheme}`);
    });
    test.each(pages.filter(isChosenFor(colorScheme)))('%s', async (name, path) => {
      await expectSound(await openAs('operator', colorScheme), path(), `${name}-${colorScheme}`);
    });
  });

  /** Wide and narrow: nothing red in the developer tools, nothing that breaks WCAG, nothing to scroll sideways. */
  async function expectSound(page: Page, path: string, name: string): Promise<void> {
    const errors = listenForErrors(page);
    const response = await page.goto(address(path));
    expect(response?.headers()['content-security-policy']).toContain('default-src');
    for (const viewport of [wide, narrow]) {
      await page.setViewportSize(viewport);
      await settled(page);
      await screenshot(page, `${name}-${viewport.width}`);
      expect.soft(await accessibilityViolations(page), `at ${viewport.width}`).toEqual([]);
      expect.soft(await overflow(page), `overflow at ${viewport.width}`).toBe(0);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  }

  describe('to a viewer', () => {
    test('offer nothing that changes rules or alerts, and say why', async () => {
      const page = await openAs('viewer');
      await page.goto(address('/observability/alert-rules'));
      await page.getByRole('link', { name: 'Open for the tests' }).waitFor();
      for (const name of ['Create alert rule', 'Actions for Open for the tests']) {
        const button = page.getByRole('button', { name }).or(page.getByRole('link', { name }));
        expect(await isDisabled(button), name).toBe(true);
        await button.focus();
        // Also in a description for screen readers that nobody sees.
        const reason = page.getByText('Only operators and administrators change alert rules.');
        await reason.filter({ visible: true }).first().waitFor();
      }
      await page.goto(address('/observability/alerts'));
      const acknowledge = page.getByRole('button', { name: /^Acknowledge/ });
      await acknowledge.waitFor();
      expect(await isDisabled(acknowledge)).toBe(true);
      await page.context().close();
    });

    test('refuse the form of a rule', async () => {
      const page = await openAs('viewer');
      await page.goto(address('/observability/alert-rules/new'));
      await page.getByText('You may not see “Create alert rule”').waitFor();
      await page.context().close();
    });
  });

  describe('to the operator of another tenant', () => {
    test.each([
      ['/', 'You may not see platform health'],
      ['/observability/alarms', 'You may not see alarms'],
    ])('say at %s that it may not be seen', async (path, words) => {
      const page = await openAs('neighbour');
      await page.goto(address(path));
      await page.getByText(words).waitFor();
      await page.context().close();
    });

    test('draw no metric of the installation', async () => {
      const page = await openAs('neighbour');
      await page.goto(address(`/observability/metrics?${seriesSearch()}`));
      await page.getByText('You may not see metrics').waitFor();
      expect(await page.locator('canvas').count()).toBe(0);
      await page.context().close();
    });

    test('show none of the rules and alerts of this one', async () => {
      const page = await openAs('neighbour');
      await page.goto(address('/observability/alert-rules'));
      await page.getByText('No alert rules').waitFor();
      await page.goto(address('/observability/alerts'));
      await page.getByText('No open alerts').waitFor();
      await page.goto(address(`/observability/alerts/${openAlert}?episode=1`));
      await page.getByText('Not found', { exact: true }).waitFor();
      expect(await page.getByText('Open for the tests').count()).toBe(0);
      await page.context().close();
    });
  });

  describe('with the keyboard alone', () => {
    test('let a person sign in and acknowledge an alert', async () => {
      const page = await openPage(browser);
      const { email, password } = demoUser(platform.outputs, 'operator');
      await page.goto(address('/observability/alerts'));
      await page.getByLabel('Email').waitFor();
      await waitFor(() => page.evaluate(() => document.activeElement?.getAttribute('name') === 'email'), {
        what: 'the focus on the email',
      });
      await page.keyboard.type(email);
      await page.keyboard.press('Tab');
      await page.keyboard.type(password);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Acknowledge Open for the tests' }).waitFor();
      await tabTo(page, 'Acknowledge Open for the tests');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(page, 'Note', 'textarea');
      await page.keyboard.type('With the keyboard alone.');
      await tabTo(page, 'Acknowledge');
      await page.keyboard.press('Enter');
      await page.getByText('Acknowledged: Open for the tests').first().waitFor();
      await page.context().close();
    });

    test('lead past the navigation to the content', async () => {
      const page = await openAs('operator');
      await page.goto(address('/observability/alarms'));
      await settled(page);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('skafu-content');
      await page.context().close();
    });
  });

  test('stay dark over a reload, from before the first script of the console', async () => {
    const page = await openAs('operator');
    await page.goto(address('/'));
    await page.getByRole('button', { name: 'Switch to dark mode' }).click();
    await page.getByRole('button', { name: 'Switch to light mode' }).waitFor();
    // With the console's own scripts held back, what is painted is what the page alone decides.
    await page.route(/\/assets\/.*\.js$/, () => undefined);
    await page.reload({ waitUntil: 'commit' });
    await page.locator('.skeleton-bar').waitFor();
    expect(await page.evaluate(() => document.body.className)).toContain('awsui-dark-mode');
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(22, 29, 38)',
    );
    await page.context().close();
  });

  test.each([
    ['sign-in', undefined],
    ['overview', 'operator' as const],
  ])('show %s with nothing in the cache, and tell how soon', async (name, who) => {
    const page = who ? await openAs(who) : await openPage(browser);
    await page.goto(address('/'));
    await settled(page);
    const times = await paintTimes(page);
    process.stdout.write(
      `${name}: first contentful paint ${Math.round(times.first)} ms, largest ${Math.round(times.largest)} ms\n`,
    );
    expect(times.first).toBeGreaterThan(0);
    expect(times.largest).toBeGreaterThanOrEqual(times.first);
    await page.context().close();
  });
});

/** Disabled for the eye or for assistive technology, which may still reach it to learn why. */
async function isDisabled(button: ReturnType<Page['locator']>): Promise<boolean> {
  return (await button.getAttribute('aria-disabled')) === 'true' || (await button.isDisabled());
}

/** Presses Tab until what is named has the focus. */
async function tabTo(page: Page, name: string, tag = 'button'): Promise<void> {
  const passed: string[] = [];
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label =
        element && 'labels' in element ? (element.labels as NodeListOf<HTMLElement> | null) : null;
      const name =
        element?.getAttribute('aria-label') ?? label?.[0]?.innerText ?? (element as HTMLElement)?.innerText;
      return { tag: element?.tagName.toLowerCase(), name: name?.trim() ?? '' };
    });
    if (focused.tag === tag && focused.name.startsWith(name)) return;
    passed.push(`${focused.tag} “${focused.name.slice(0, 40)}”`);
  }
  throw new Error(`Tab never came to ${tag} “${name}”, only to: ${passed.join(', ')}`);
}

/** When the page showed its first and its largest content, in milliseconds after the navigation began. */
function paintTimes(page: Page): Promise<{ first: number; largest: number }> {
  return page.evaluate(
    () =>
      new Promise<{ first: number; largest: number }>((resolve) => {
        const first = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
        new PerformanceObserver((list) =>
          resolve({ first, largest: list.getEntries().at(-1)?.startTime ?? 0 }),
        ).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
}
