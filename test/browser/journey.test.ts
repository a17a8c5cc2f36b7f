import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { classEntries } from '../generate/images.ts';
import { zip } from '../generate/zip.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';
import { smallThings } from './small-things.ts';

const CLASSES = Array.from({ length: 10 }, (_, i) => `kind-${i}`);

/** What a person reads next on each page; a page that is no dead end has it. */
async function follow(page: Page, name: string | RegExp, heading: string): Promise<void> {
  await page.getByRole('main').getByRole('link', { name }).first().click();
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

it('a stranger goes from nothing to the network to ship, in the browser alone and with images of their own', {
  timeout: 600_000,
}, async () => {
  const platform = await startPlatform({ worker: true, dashboard: true });
  const { userId } = await platform.member('editor');
  const { file } = await smallThings();
  const { page, problems } = await signedInPage(platform, userId);
  const barriers: string[] = [];
  const look = async () => barriers.push(...(await violations(page)));

  // The overview says what to do first, and what next.
  await page.getByText('0 of 4 done').waitFor();
  await look();
  await follow(page, 'Add a model', 'Models');
  await page.getByLabel('Name of the new project').fill('Robots');
  await page.getByLabel('Drop a network here').setInputFiles(file);
  await page.getByRole('heading', { name: 'tiny', level: 1 }).waitFor();

  await page.getByRole('link', { name: 'Overview' }).first().click();
  await page.getByText('1 of 4 done').waitFor();
  await follow(page, 'Add a data set', 'Data sets');
  const images = zip(classEntries('things/', CLASSES, 20, () => [9, 7]));
  await page
    .getByLabel('Drop a zip or a folder of images here')
    .setInputFiles({ name: 'things.zip', mimeType: 'application/zip', buffer: images });
  await page.getByText('10 classes, 200 images of 9×7 pixels, colour').waitFor();
  await look();
  await page.getByRole('button', { name: 'Add data set' }).click();
  await page.getByRole('heading', { name: 'things', level: 1 }).waitFor();
  await look();

  // The network takes images of another size, which is no matter.
  await follow(page, 'New experiment', 'New experiment');
  await page.getByLabel('Name', { exact: true }).fill('First look');
  await page.getByRole('button', { name: /^Quick look/ }).click();
  await page.getByLabel('uniform with l1').check();
  await page.getByRole('button', { name: 'Start 2 runs' }).waitFor();
  // What was filled in is there after a reload.
  await page.reload();
  await page.getByText('This is what you filled in before.').waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('First look');
  expect(await page.getByLabel('uniform with l1').isChecked()).toBe(true);
  await look();
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await page.getByRole('heading', { name: 'First look', level: 1 }).waitFor();

  // It is watched to its end without a reload.
  await page.getByRole('button', { name: 'Notify me' }).waitFor();
  await page.getByText('done', { exact: true }).nth(1).waitFor({ timeout: 240_000 });
  await page.getByRole('button', { name: 'Notify me' }).waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Which one to ship' }).waitFor();
  await look();
  await follow(page, 'Compare its runs', 'Compare');
  await page.getByText('Same experiment, model, data set and target.').waitFor();
  await look();

  // The network itself.
  await page.goBack();
  await page.getByRole('heading', { name: 'First look', level: 1 }).waitFor();
  await page
    .getByRole('link', { name: /cie · l1/ })
    .first()
    .click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download ONNX' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^tiny-cie-l1-macs-0\.5-seed-0-\w{8}\.onnx$/);
  const [card] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Model card' }).click(),
  ]);
  const told = await readFile(await card.path(), 'utf8');
  expect(told).toMatch(/^# tiny, pruned: /);
  expect(told).toContain('## How to use it');
  // Whoever ships it says so, for all to see.
  await page.getByRole('button', { name: 'Mark as shipped' }).click();
  await page.getByRole('button', { name: 'Not shipped any more' }).waitFor();
  await page.getByText(/^shipped .* by /).waitFor();
  await look();

  // There is nothing left to be done first.
  await page.goto('/');
  await page.getByRole('heading', { name: 'Latest results' }).waitFor();
  expect(await page.getByRole('heading', { name: 'First steps' }).count()).toBe(0);
  expect(barriers).toEqual([]);
  expect(problems).toEqual([]);
});
