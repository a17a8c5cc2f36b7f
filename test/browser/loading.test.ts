import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

const SLOW_MS = 2000;

it('a page that takes a moment to come shows that it comes', { timeout: 120_000 }, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { userId } = await platform.member('editor');
  const { page, problems } = await signedInPage(platform, userId);
  await page.route(/\/models\?/, async (route) => {
    await setTimeout(SLOW_MS);
    await route.continue();
  });
  const sign = page.getByText('Loading the page');
  expect(await sign.count()).toBe(0);
  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await sign.waitFor({ state: 'attached' });
  expect(await violations(page)).toEqual([]);
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor();
  await sign.waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
});
