import type { Browser, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { Platform } from '../../apps/api/test/platform.ts';
import { launchBrowser } from './browser.ts';

/** Busy machines take their time. */
const PATIENCE_MS = 60_000;

/** One for all people of a process: it ends with it. */
let browser: Promise<Browser> | undefined;

/** A page in which this user is signed in, and what went wrong on it. */
export async function signedInPage(
  { address, signInLink }: Pick<Platform, 'address' | 'signInLink'>,
  userId: string,
): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
  browser ??= launchBrowser();
  // What moves tells no more, and costs a processor.
  const context = await (await browser).newContext({
    viewport: { width: 1440, height: 900 },
    baseURL: address,
    reducedMotion: 'reduce',
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await expect
    .poll(() => fetch(`${address}/icon.svg`).then(({ status }) => status), { timeout: PATIENCE_MS })
    .toBe(200);
  await page.goto(await signInLink(userId));
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  return { page, problems };
}
