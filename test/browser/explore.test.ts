import { expect, it, onTestFinished } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { sampledElsewhere } from '../../apps/api/test/sampled-elsewhere.ts';
import { pastThePhone, violations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';

const PATIENCE_MS = 150_000;

it('a slider shows what every allocation comes to, and the address what is shown', {
  timeout: 600_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { address } = platform;
  const editor = await platform.member('editor');
  const { id, modelId } = await sampledElsewhere(platform, editor);
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(`${address}${await platform.signInLink(editor.userId)}`);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${address}/models/${modelId}`);
  await page.getByRole('link', { name: 'Explore l1' }).click();
  const row = page.getByRole('row', { name: /^cie / });
  await row.waitFor();
  const before = await row.textContent();
  await page.getByRole('slider').focus();
  for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.url(), { timeout: PATIENCE_MS }).toContain('target=macs%3D0.4');
  await expect.poll(() => row.textContent(), { timeout: PATIENCE_MS }).not.toBe(before);
  await page.getByText('cie-iterative: it samples again').waitFor();
  // Its images are not here: nothing can be started of it.
  await page.getByText('no run can be computed').waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the structure of cie as JSON' }).click();
  expect((await saved).suggestedFilename()).toBe('cie-macs-0.4.json');
  expect(await violations(page)).toEqual([]);
  expect(await pastThePhone(page)).toBe(0);
  await page.reload();
  await page.getByText('Remove 40 % of the MACs').waitFor();
  expect(page.url()).toContain(`/explore/${id}`);
});
