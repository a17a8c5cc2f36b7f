import { USUAL_LIMITS } from '@espalier/pipeline';
import { expect, it } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { experiment } from '../../apps/api/test/rows.ts';
import { finishedRun } from '../../apps/api/test/strategies-data.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

const UNIFORM = { allocation: 'uniform', criterion: 'l1' };

it('ticked runs are cancelled, tried again, tagged, downloaded and moved to the trash together', {
  timeout: 560_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { prisma } = platform;
  const { teamId, userId } = await platform.member('editor');
  await experiment(platform, teamId);
  const { sha256 } = await prisma.model.findUniqueOrThrow({ where: { id: 'model_s' } });
  const run = (id: string, share: number) => ({
    id,
    teamId,
    experimentId: 'exp_s',
    share,
    seed: 0,
    ...UNIFORM,
  });
  await finishedRun(prisma, run('run_first0', 0.3), 80, { sha256 });
  await finishedRun(prisma, run('run_second', 0.5), 70, { sha256 });
  for (const share of [0.6, 0.7]) {
    await prisma.run.create({
      data: { ...run(`run_waits${share}`, share), metric: 'macs', state: 'queued', limits: USUAL_LIMITS },
    });
  }
  const states = () =>
    prisma.run
      .findMany({ where: { teamId, deletedAt: null }, orderBy: { share: 'asc' } })
      .then((runs) => runs.map(({ state }) => state));
  const { page, problems } = await signedInPage(platform, userId);

  await page.goto('/runs');
  const bar = page.getByRole('toolbar', { name: 'Selected runs' });
  const tickAll = () =>
    expect
      .poll(async () => {
        // What is ticked before the page's scripts have come is lost, and stays ticked.
        const box = page.getByLabel('Select all of this page');
        await box.setChecked(false);
        await box.setChecked(true);
        return bar.getByText('4 runs selected').count();
      })
      .toBe(1);
  await tickAll();
  expect(await violations(page)).toEqual([]);

  await bar.getByRole('button', { name: 'Tag' }).click();
  await page.getByLabel('Tags', { exact: true }).fill('paper, best');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const tagged = await prisma.run.findMany({ where: { teamId } });
  expect(tagged.map(({ tags }) => tags)).toEqual(tagged.map(() => ['best', 'paper']));

  // Each action is for those that it can be done with.
  await bar.getByRole('button', { name: 'Cancel 2 runs' }).click();
  await bar.waitFor({ state: 'detached' });
  expect(await states()).toEqual(['finished', 'finished', 'cancelled', 'cancelled']);
  await tickAll();
  await bar.getByRole('button', { name: 'Retry 2 runs' }).click();
  await bar.waitFor({ state: 'detached' });
  expect(await states()).toEqual(['finished', 'finished', 'queued', 'queued']);

  await tickAll();
  const names: string[] = [];
  page.on('download', (download) => names.push(download.suggestedFilename()));
  await bar.getByRole('button', { name: 'Download' }).click();
  await page.getByRole('menuitem', { name: '2 networks' }).click();
  await expect.poll(() => names.length, { timeout: 30_000 }).toBe(2);
  expect(names.sort()).toEqual([
    'm-uniform-l1-macs-0.3-seed-0-n_first0.onnx',
    'm-uniform-l1-macs-0.5-seed-0-n_second.onnx',
  ]);

  await bar.getByRole('button', { name: 'Move 2 runs to the trash' }).click();
  await page.getByRole('button', { name: 'Move to the trash', exact: true }).click();
  // Behind the dialog the bar is hidden already.
  await expect.poll(states).toEqual(['queued', 'queued']);
  await bar.waitFor({ state: 'detached' });
  expect(problems).toEqual([]);
});
