import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { receiver } from '../../apps/api/test/hooks.ts';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

/** Where to put pictures of the pages, to look at them. */
const { ESPALIER_PICTURES: pictures } = process.env;

it('an administrator makes a webhook, tries it, reads its log, and sends again what failed', {
  timeout: 240_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true, webhooks: { allowed: '127.0.0.1' } });
  const { userId, teamId } = await platform.member('admin');
  const { page, problems } = await signedInPage(platform, userId);
  let status = 500;
  const to = await receiver((_, response) => void response.writeHead(status).end('not today'));
  await page.goto('/team');
  await page.getByLabel('Address').fill('http://10.0.0.1/');
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByText('it leads to a private address').waitFor();
  await page.getByLabel('Address').fill(to.url);
  await page.getByLabel('all runs of an experiment are over').uncheck();
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await page.getByText(/^whsec_/).waitFor();
  await page.getByRole('link', { name: to.url }).click();
  await page.getByRole('heading', { level: 1, name: /^127\.0\.0\.1/ }).waitFor();
  await page.getByText('run.finished, run.failed', { exact: true }).waitFor();

  const log = page.getByRole('table', { name: 'Deliveries' });
  await page.getByRole('button', { name: 'Send a test' }).click();
  await log.getByText('it answered with status 500: not today').waitFor();
  await page.getByText('failing', { exact: true }).waitFor();
  const hook = new URL(page.url()).pathname;
  await looksWell(page, [
    ['webhooks', '/team'],
    ['webhook', hook],
  ]);
  status = 200;
  await log.getByRole('button', { name: 'Send again: ping' }).click();
  await log.getByText('delivered', { exact: true }).waitFor();
  await log.getByText('ping', { exact: true }).click();
  await log.getByText('"type":"ping"').waitFor();

  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('off', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Switch on' }).click();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'New secret' }).click();
  await page.getByText(/^whsec_/).waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { level: 1, name: 'Team' }).waitFor();
  expect(await platform.prisma.webhook.count()).toBe(0);
  expect(problems).toEqual([]);

  // Whoever does not manage the team sees nothing of it.
  const editor = await platform.member('editor', teamId);
  const other = await signedInPage(platform, editor.userId);
  await other.page.goto('/team');
  await other.page.getByRole('heading', { name: 'API keys' }).waitFor();
  expect(await other.page.getByText('Webhooks').count()).toBe(0);
  expect((await other.page.goto(hook))?.status()).toBe(404);
});

async function looksWell(page: Page, places: readonly (readonly [string, string])[]): Promise<void> {
  for (const [screen, viewport] of Object.entries({ desk: [1440, 900], phone: [390, 844] } as const)) {
    const [width, height] = viewport;
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [name, address] of places) {
        await page.goto(address);
        await page.getByRole('heading', { level: 1 }).waitFor();
        const what = `${name} ${screen} ${colorScheme}`;
        if (pictures) {
          await page.waitForTimeout(600);
          const file = path.join(pictures, `${name}-${screen}-${colorScheme}.png`);
          await page.screenshot({ path: file, fullPage: true });
        }
        expect(await violations(page), what).toEqual([]);
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect(wide, what).toBeLessThanOrEqual(0);
      }
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
