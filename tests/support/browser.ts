import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Outputs } from '#scripts/start/outputs.ts';
import { root, waitFor } from './platform.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The system's browser: what `CHROMIUM_PATH` names, or the first Chromium or Chrome on the path. */
export const chromiumPath =
  process.env['CHROMIUM_PATH'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));

/** For the title of tests that are skipped: what to do so that they are not. */
export const browserHint = chromiumPath
  ? ''
  : ' (skipped: no Chromium; `apt-get install chromium` or set CHROMIUM_PATH)';

export function launchBrowser(): Promise<Browser> {
  if (!chromiumPath) throw new Error(`There is no browser${browserHint}`);
  const offline = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', ...offline],
  });
}

export const wide = { width: 1440, height: 900 };
export const narrow = { width: 390, height: 844 };

export type ColorScheme = 'light' | 'dark';
export type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** A window of its own, with the cookies and storage of an earlier one where they are given. */
export async function openPage(
  browser: Browser,
  {
    colorScheme = 'light',
    storageState,
  }: { colorScheme?: ColorScheme; storageState?: StorageState | undefined } = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: wide,
    colorScheme,
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...(storageState ? { storageState } : {}),
  });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

export function demoUser(outputs: Outputs, group: string, tenant = 'skafu'): Outputs['users'][number] {
  const user = outputs.users.find((each) => each.groups.includes(group) && each.tenant === tenant);
  if (!user) throw new Error(`There is no demo user in ${group} of ${tenant}.`);
  return user;
}

/** Fills the sign-in form in and sends it. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs a demo user in once, so that many windows can start as that person. */
export async function sessionOf(
  browser: Browser,
  outputs: Outputs,
  group: string,
  tenant?: string,
): Promise<StorageState> {
  const page = await openPage(browser);
  const { email, password } = demoUser(outputs, group, tenant);
  await page.goto(outputs.consoleUrl);
  await signIn(page, email, password);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

/** Waits until the page has its heading and everything on it has stopped loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  let before = '';
  await waitFor(
    async () => {
      const text = await page.evaluate(() => document.body.innerText);
      // Twice the same: what follows the loading, such as a table in place of a spinner, has been drawn too.
      const same = text === before;
      before = text;
      return same && !/Loading\b/.test(text);
    },
    { what: () => `the page to stop loading; it says:\n${before}` },
  );
}

/** Listens to all that a person with open developer tools would see in red, violations of the content policy included. */
export function listenForErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return errors;
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What on the page breaks WCAG 2.x, A or AA, as far as a machine can tell: one line an element. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // The console has no frames to look into, which is all that the legacy mode leaves out.
  const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode().analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary}`),
  );
}

/** How far the document is wider than the window, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

const screenshots = join(root, 'reports/screenshots');

/** Keeps a picture of the window for people to look at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
