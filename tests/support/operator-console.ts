import type { Browser, Page } from 'playwright-core';
import { signInAs } from './api.ts';
import { launchBrowser, listenForErrors, openPage, sessionOf } from './browser.ts';
import { type Platform, removeDataDirectory, startPlatform } from './platform.ts';

/** A platform of its own, and the operator signed in to its console and to its API. */
export interface OperatorConsole {
  readonly platform: Platform;
  readonly browser: Browser;
  readonly page: Page;
  /** What the page has said of itself in red. */
  readonly errors: string[];
  /** The operator's ID token. */
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts a platform and opens its console as the operator. Stop it whatever happened. */
export async function openOperatorConsole(): Promise<OperatorConsole> {
  const platform = await startPlatform();
  const token = (await signInAs(platform.outputs, 'operator')).id;
  const browser = await launchBrowser();
  const page = await openPage(browser, {
    storageState: await sessionOf(browser, platform.outputs, 'operator'),
  });
  return {
    platform,
    browser,
    page,
    errors: listenForErrors(page),
    token,
    async stop() {
      await browser.close();
      await platform.stop();
      removeDataDirectory(platform.dataDirectory);
    },
  };
}
