import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { Platform } from '../../apps/api/test/platform.ts';
import { launchBrowser } from './browser.ts';

/** Busy machines take their time. */
const PATIENCE_MS = 60_000;

/** A page in which this user is signed in, and what went wrong on it. */
export async function signedInPage(
  { address, signInLink }: Pick<Platform, 'address' | 'signInLink'>,
  userId: string,
): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: address });
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
