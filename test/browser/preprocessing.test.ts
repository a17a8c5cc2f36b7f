import { encodeOnnx } from '@espalier/formats';
import { expect, it } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { experiment } from '../../apps/api/test/rows.ts';
import { tinyResNet } from '../../packages/engines/test/tiny-networks.ts';
import { noisyPng } from '../generate/images.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

const PICTURE = { name: 'mine.png', mimeType: 'image/png', buffer: noisyPng(12, 6, 1) };

it('preprocessing is given with a network, seen on a picture, and changed afterwards', {
  timeout: 300_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { prisma } = platform;
  const { teamId, userId } = await platform.member('editor');
  const { page, problems } = await signedInPage(platform, userId);
  await page.goto('/models');
  await page.getByText('How pixels become its input', { exact: true }).click();
  await page.getByLabel('Values', { exact: true }).selectOption('0 to 1');
  expect(await page.getByLabel('Mean', { exact: true }).inputValue()).toBe('0');
  await page.getByLabel('Height', { exact: true }).fill('6');
  await page.getByLabel('Width', { exact: true }).fill('6');
  await page.getByLabel('Images of another size').selectOption('letterbox: all of it, with a border');
  const border = page.getByLabel('Border colour', { exact: true });
  await border.fill('300');

  // What is wrong is said before anything is sent, and what is right is shown.
  const see = page.getByRole('button', { name: 'Show what the network sees' });
  await page.getByLabel('Picture', { exact: true }).setInputFiles(PICTURE);
  await see.click();
  await page.getByText('Give the border as one whole number, or three, from 0 to 255.').waitFor();
  await border.fill('51');
  await see.click();
  await page.getByRole('img', { name: 'What the network sees' }).waitFor();
  await page.getByText('6×6 pixels, before mean and scale').waitFor();
  const values = page.getByRole('table', { name: 'Values of the input by channel' });
  expect(await values.getByRole('row').count()).toBe(4);
  expect(await violations(page)).toEqual([]);

  await page
    .getByLabel('Drop a network here')
    .setInputFiles({ name: 'tiny.onnx', mimeType: '', buffer: Buffer.from(encodeOnnx(tinyResNet())) });
  await page.getByRole('heading', { name: 'tiny', level: 1 }).waitFor();
  await page.getByText('6×6, all of the image with a border of 51, 51, 51').waitFor();

  await page.getByRole('button', { name: 'Change preprocessing' }).click();
  expect(await page.getByLabel('Border colour', { exact: true }).inputValue()).toBe('51, 51, 51');
  await page.getByLabel('Images of another size').selectOption('scale to height and width');
  await page.getByRole('button', { name: 'Save preprocessing' }).click();
  await page.getByText('6×6, images are scaled to it').waitFor();

  // Once an experiment depends on it, another one is a new model.
  const { id } = await prisma.model.findFirstOrThrow({ where: { teamId } });
  await experiment(platform, teamId);
  await prisma.experiment.update({ where: { id: 'exp_s' }, data: { modelId: id } });
  await page.getByRole('button', { name: 'Change preprocessing' }).click();
  await page.getByLabel('Values', { exact: true }).selectOption('CIFAR-10');
  expect(await page.getByLabel('Mean', { exact: true }).inputValue()).toBe('0.4914, 0.4822, 0.4465');
  // Whoever changes a number has own ones.
  await page.getByLabel('Mean', { exact: true }).fill('0.5');
  expect(await page.getByLabel('Values', { exact: true }).inputValue()).toBe('own');
  await page.getByLabel('Values', { exact: true }).selectOption('ImageNet (Keras/TensorFlow, −1 to 1)');
  await page.getByRole('button', { name: 'Save preprocessing' }).click();
  await page.getByText(/experiments or measurements depend on the preprocessing of this model/).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Save as a new model').fill('tiny, signed');
  await page.getByRole('button', { name: 'Save preprocessing' }).click();
  await page.getByRole('heading', { name: 'tiny, signed', level: 1 }).waitFor();
  await page.getByText('0.5, 0.5, 0.5').first().waitFor();
  await page.getByRole('button', { name: 'Preview on an image' }).click();
  await page.getByLabel('Image of', { exact: true }).selectOption('a picture of mine');
  await page.getByLabel('Picture', { exact: true }).setInputFiles(PICTURE);
  await see.click();
  await page.getByRole('img', { name: 'What the network sees' }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(problems).toEqual([]);
});
