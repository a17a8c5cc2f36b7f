import { DECODING_VERSION } from '@espalier/datasets';
import { USUAL_LIMITS } from '@espalier/pipeline';
import { expect, it } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { experiment } from '../../apps/api/test/rows.ts';
import { finishedRun } from '../../apps/api/test/strategies-data.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

const UNIFORM = { allocation: 'uniform', criterion: 'l1' };

it('a result says what stands against it and leads to the same one fine-tuned; failures say why', {
  timeout: 300_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { prisma } = platform;
  const { teamId, userId } = await platform.member('editor');
  await experiment(platform, teamId);
  // Twice what the results by hand have left.
  const costs = { macs: 1000, params: 100 };
  const { sha256 } = await prisma.model.update({ where: { id: 'model_s' }, data: costs });
  await prisma.baseEvaluation.create({
    data: {
      ...{ id: 'eval_s', modelId: 'model_s', datasetHash: 'h', split: 'test', images: 100 },
      ...{ top1: 0.9, loss: 0.3, decoding: DECODING_VERSION },
    },
  });
  const limits = { ...USUAL_LIMITS, align: 2 };
  const own = { teamId, experimentId: 'exp_s', share: 0.5, limits, ...UNIFORM };
  await finishedRun(prisma, { ...own, id: 'run_slower', seed: 3 }, 60, {
    ...{ sha256, latencyMs: 2, baseLatencyMs: 1.6, latencyLow: 0.78, latencyHigh: 0.83 },
    provenance: { engine: 'onnxruntime', cpu: 'Xeon' },
  });
  await finishedRun(prisma, { ...own, id: 'run_good00', seed: 4 }, 89.2, { sha256 });
  for (const seed of [1, 2]) {
    const failed = { metric: 'macs', state: 'failed', error: 'the disk is full' } as const;
    await prisma.run.create({ data: { ...own, ...failed, id: `run_failed${seed}`, seed } });
  }
  const { page, problems } = await signedInPage(platform, userId);

  await page.goto('/runs/run_slower');
  await page.getByText('Slower than the original on the CPU of this worker (Xeon).').waitFor();
  await page.getByText('It loses 30.0 points of top-1: remove less, say 10 to 20 %.').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.goto('/runs/run_slower?tab=evaluation');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy the hash of the file' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(sha256);

  // Equal in all but the training.
  await page.getByRole('link', { name: 'Fine-tune this one' }).click();
  await page.getByRole('heading', { name: 'New experiment' }).waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('e, fine-tuned');
  expect(await page.getByLabel('Seeds').inputValue()).toBe('3');
  expect(await page.getByLabel('Widths in multiples of').inputValue()).toBe('2');
  expect(await page.getByLabel('Epochs').inputValue()).toBe('10');
  expect(await page.getByLabel('uniform with l1').isChecked()).toBe(true);
  expect(await page.getByLabel('cie with l1').isChecked()).toBe(false);

  // A copy of the experiment has all of its seeds, and is trained no more than it was.
  await page.goto('/experiments/exp_s');
  await page.getByText('2 runs failed: the disk is full').waitFor();
  // What one may take for what it may lose.
  const ship = page.getByRole('table', { name: 'Which one to ship' });
  const taken = ship.getByRole('row').nth(2);
  expect(await ship.getByRole('row').nth(1).textContent()).toMatch(/0\.5 pt\s*none keeps to it/);
  expect(await taken.textContent()).toMatch(/1\.0 pt\s*uniform · l1.*seed 4.*−0\.80 pt\s*2\.00×/);
  expect(await taken.getByRole('link', { name: 'ONNX' }).getAttribute('href')).toContain('seed-4-n_good00');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Clone' }).click();
  await page.getByRole('heading', { name: 'New experiment' }).waitFor();
  expect(await page.getByLabel('Seeds').inputValue()).toBe('1, 2, 3, 4');
  expect(await page.getByLabel('Epochs').inputValue()).toBe('0');

  await page.goto('/runs/run_failed1');
  await page.getByText('There is no result: the run failed.').waitFor();
  await page.goto('/experiments/exp_s');
  const failed = page.getByText('2 runs failed: the disk is full');
  await failed.waitFor();
  await page.getByRole('button', { name: 'Retry 2 runs' }).click();
  await failed.waitFor({ state: 'detached' });
  const states = await prisma.run.findMany({ where: { teamId }, orderBy: { seed: 'asc' } });
  expect(states.map(({ state }) => state)).toEqual(['queued', 'queued', 'finished', 'finished']);
  expect(problems).toEqual([]);
});

it('a new experiment begins with images that fit, and says at once when others do not', {
  timeout: 300_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { prisma } = platform;
  const { teamId, userId } = await platform.member('editor');
  await experiment(platform, teamId);
  const { sha256 } = await prisma.model.findUniqueOrThrow({ where: { id: 'model_s' } });
  // The newest of all.
  await prisma.dataset.create({
    data: {
      ...{ id: 'data_pets', teamId, sha256, name: 'pets', hash: 'pets', classes: ['cat', 'dog'] },
      ...{ height: 6, width: 6, channels: 3, createdAt: new Date(Date.now() + 1000) },
      splits: { create: ['train', 'search', 'test'].map((name) => ({ name, images: 100 })) },
    },
  });
  const { page, problems } = await signedInPage(platform, userId);
  await page.goto('/experiments/new');
  const dataset = page.getByLabel('Data set');
  expect(await dataset.inputValue()).toBe('data_s');
  await expect
    .poll(async () => {
      await dataset.selectOption('pets');
      return page.getByText('network "m" has 10 classes, pets has 2').count();
    })
    .toBe(1);
  expect(await dataset.getAttribute('aria-invalid')).toBe('true');
  expect(await violations(page)).toEqual([]);
  // A tenth of a point is not to be seen on a hundred images.
  const few = page.getByText(/^Only 100 images per measurement: .* up to 5\.0 points/);
  await few.waitFor();
  await dataset.selectOption('d');
  await few.waitFor({ state: 'detached' });
  await page.getByText('network "m" has 10 classes').waitFor({ state: 'detached' });
  // By what one wants to know: strategies, targets and seeds are filled in, and stay to be changed.
  await page.getByRole('button', { name: /^Fair comparison/ }).click();
  expect(await page.getByLabel('Remove (%)').inputValue()).toBe('30, 50, 70');
  expect(await page.getByLabel('Seeds').inputValue()).toBe('0, 1, 2');
  expect(await page.getByLabel('global with l1').isChecked()).toBe(true);
  await page.getByRole('button', { name: /^Quick look/ }).click();
  expect(await page.getByLabel('Epochs').inputValue()).toBe('0');
  await page.getByRole('button', { name: 'Start 1 run' }).waitFor();
  await page.getByLabel('Cut sizes to test').fill('0.5,2');
  await page.getByText(/lies outside of \(0, 1\)/).waitFor();
  await page.getByLabel('Cut sizes to test').fill('0.5,0.75');
  await page.getByText(/lies outside of \(0, 1\)/).waitFor({ state: 'detached' });
  expect(await prisma.experiment.count({ where: { teamId } })).toBe(1);
  expect(problems).toEqual([]);
});
