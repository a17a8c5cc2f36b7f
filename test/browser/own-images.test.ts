import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { classEntries } from '../generate/images.ts';
import { zip } from '../generate/zip.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

const CLASSES = ['ant', 'bee'];

it('own images become a data set in the browser alone: a zip and a folder, seen before they are used', {
  timeout: 300_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { prisma } = platform;
  const { teamId, userId } = await platform.member('editor');
  const { page, problems } = await signedInPage(platform, userId);
  await page.goto('/datasets');
  const drop = page.getByLabel('Drop a zip or a folder of images here');
  const give = (name: string, buffer: Buffer) =>
    drop.setInputFiles({ name, mimeType: 'application/zip', buffer });
  const images = classEntries('insects/', CLASSES, 10, (i) => [40 + i, 48]);

  // What is wrong names the file in the zip; another one may follow at once.
  await give('broken.zip', zip([...images, { name: 'insects/ant/x.bmp' }]));
  await page.getByText('ant/x.bmp: .bmp images cannot be read, convert them to PNG').waitFor();

  await give('insects.zip', zip([...images, { name: 'insects/notes.txt' }]));
  await page.getByText('2 classes, 20 images of 40×48 to 49×48 pixels, colour').waitFor();
  await page.getByText('left out: 1 file that is no image (notes.txt)').waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('insects');
  const size = page.getByLabel('Size of the images');
  expect(await size.inputValue()).toBe('usual');
  const row = page.getByRole('table', { name: 'Images of each class by split' }).getByRole('row').nth(1);
  expect(await row.textContent()).toMatch(/ant811$/);
  expect(await violations(page)).toEqual([]);
  await size.selectOption('48×48');
  await page.getByText('138 kB once packed').waitFor();
  await page.getByRole('button', { name: 'Add data set' }).click();
  await page.getByRole('heading', { name: 'insects' }).waitFor();
  await page.getByText('48×48, colour').waitFor();
  const [made] = await prisma.dataset.findMany({ where: { teamId } });
  expect(made).toMatchObject({ name: 'insects', classes: CLASSES, height: 48, width: 48 });
  expect(await page.getByRole('link', { name: 'New experiment' }).getAttribute('href')).toContain(made?.id);

  // A folder is zipped by the browser. Its name is taken, so it gets another one.
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'espalier-own-')), 'insects');
  onTestFinished(() => rm(path.dirname(folder), { recursive: true, force: true }));
  for (const { name, data } of classEntries('', [...CLASSES, 'wasp'], 5, () => [32, 32])) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), data ?? '');
  }
  await page.goto('/datasets');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByText('3 classes, 15 images of 32×32 pixels, colour').waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('insects 2');
  expect(await size.inputValue()).toBe('stored');
  await page.getByLabel('Name', { exact: true }).fill('insects');
  await page.getByRole('button', { name: 'Add data set' }).click();
  await page.getByText('this name is taken: choose another one, or rename what has it').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('small insects');
  await page.getByRole('button', { name: 'Add data set' }).click();
  await page.getByRole('heading', { name: 'small insects' }).waitFor();
  expect(await prisma.dataset.count({ where: { teamId } })).toBe(2);
  expect(problems).toEqual([]);
});
