import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { makeRuns } from '../../apps/api/test/hand-made.ts';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { pastThePhone, violations } from './accessibility.ts';
import { clickUntil } from './click.ts';
import { signedInPage } from './person.ts';

/** Of the small network (4,000 MACs, 0.9) and of the large one (80,000 MACs, 0.8). */
const RUNS = [
  { id: 'run_a', macs: 2000, top1: 0.88 },
  { id: 'run_b', macs: 1000, top1: 0.86, seed: 1, latencyMs: 1.5 },
  { id: 'run_c', macs: 2000, top1: 0.87, allocation: 'uniform', share: 0.3 },
  { id: 'run_d', model: 'large', macs: 20_000, top1: 0.79 },
] as const;

it('compares ratios in groups and over all models, as the address says', async () => {
  const platform = await startPlatform({ dashboard: true });
  const viewer = await platform.member('viewer');
  const { page, problems } = await signedInPage(platform, viewer.userId);

  await page.getByRole('link', { name: 'Trade-offs' }).click();
  await page.getByText('No finished run yet').waitFor();
  const { id } = await makeRuns(platform.prisma, viewer.teamId, RUNS);
  await page.reload();

  // Groups, by default the strategies of each model.
  const groups = page.getByRole('region', { name: /^MACs, base over pruned, by model and strategy/ });
  await groups.waitFor();
  expect(await linesOf(groups)).toEqual([
    'large cie · l1 1 4.00× 4.00× −1.00 pt −1.00 pt',
    'small cie · l1 2 3.00× ± 1.41 4.00× −3.00 pt ± 1.41 −2.00 pt',
    'small uniform · l1 1 2.00× 2.00× −3.00 pt −3.00 pt',
  ]);
  // Their settings are in the address.
  await groups.getByRole('link', { name: 'Best', exact: true }).click();
  await page.waitForURL(/order=-best/);
  await page.getByRole('button', { name: 'Grouped by' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Strategy' }).click();
  await page.waitForURL(/by=model/);
  await page.keyboard.press('Escape');
  const byModel = page.getByRole('region', { name: 'MACs, base over pruned, by model', exact: true });
  await byModel.waitFor();
  expect((await linesOf(byModel)).map((line) => line.split(' ')[0])).toEqual(['large', 'small']);
  const address = page.url();

  // Every run on the front leads to its page; the run under the keyboard stands out on the chart.
  const front = page.getByRole('region', { name: 'Runs on the front of MACs and top-1' });
  expect(await linesOf(front)).toEqual([expect.stringMatching(/ large on Data 4\.00× −1\.00 pt$/)]);
  await page.getByRole('img', { name: /^Change of top-1 over the ratio of MACs of 1 run / }).waitFor();
  await page.keyboard.press('j');
  await page.locator(`tr[data-row="${id('run_d')}"][data-lit]`).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/runs/${id('run_d')}`);
  await page.goto(address);
  await byModel.getByRole('link', { name: '−2.00 pt' }).click();
  await page.waitForURL(`**/runs/${id('run_a')}`);

  // Files of both, as the page shows them.
  await page.goto(address);
  expect(await exported(page, 'Export groups', /^CSV/)).toHaveLength(3);
  const [line, ...none] = await exported(page, 'Export front', /^JSON/);
  expect(none).toEqual([]);
  expect(JSON.parse(line ?? '')).toMatchObject({ model: 'large', ratioMacs: 4 });

  // Another ratio, which few runs have; then one model's runs.
  await page.getByLabel('What became less').selectOption({ label: 'Latency' });
  await page.waitForURL(/metric=latency/);
  await page.getByRole('row', { name: /^large .* – – −1\.00 pt/ }).waitFor();
  await page.getByRole('row', { name: /^small .* 2\.00× 2\.00× / }).waitFor();
  await page.getByLabel('Model', { exact: true }).selectOption({ label: 'large' });
  await page.getByText('No run has both').waitFor();
  await page.getByLabel('Model', { exact: true }).selectOption({ label: 'untested' });
  await page.getByText('No finished run is like that').waitFor();

  // On a small laptop no column is cut off.
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(address);
  expect(await cutOff(front)).toBeLessThanOrEqual(0);
  await page.goto('/runs');
  expect(await cutOff(page.getByRole('region', { name: 'Runs', exact: true }))).toBeLessThanOrEqual(0);

  const barriers: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(address);
    await page.locator('[data-chart] svg').first().waitFor();
    barriers.push(...(await violations(page)));
  }
  barriers.push(...((await pastThePhone(page)) > 0 ? ['wider than a phone'] : []));
  expect(barriers).toEqual([]);
  expect(problems).toEqual([]);
});

/** What the rows of a table say, without their heads. */
async function linesOf(table: ReturnType<Page['getByRole']>): Promise<string[]> {
  const rows = await table.locator('tbody tr').allInnerTexts();
  return rows.map((row) => row.replaceAll(/\s+/g, ' ').trim());
}

/** Pixels of a table that one has to scroll to. */
function cutOff(table: ReturnType<Page['getByRole']>): Promise<number> {
  return table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
}

/** The lines of a file that a menu offers. */
async function exported(page: Page, menu: string, format: RegExp): Promise<string[]> {
  const button = page.getByRole('button', { name: menu });
  await clickUntil(button, page.getByRole('menu'));
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: format }).click(),
  ]);
  return (await readFile(await file.path(), 'utf8')).trim().split('\n');
}
