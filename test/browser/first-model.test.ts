import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeNetwork } from '@espalier/formats';
import { expect, it, onTestFinished } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { fillByHand } from '../../apps/api/test/strategies-data.ts';
import { tinyMetadata, tinyResNet } from '../../packages/engines/test/tiny-networks.ts';
import { launchBrowser } from './browser.ts';

const PATIENCE_MS = 30_000;

/** Signed in on a platform without anything in it: as one that was started without a worker is. */
async function signedIn() {
  const platform = await startPlatform({ dashboard: true });
  await expect
    .poll(() => fetch(`${platform.address}/icon.svg`).then(({ status }) => status), { timeout: PATIENCE_MS })
    .toBe(200);
  const editor = await platform.member('editor');
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(`${platform.address}${await platform.signInLink(editor.userId)}`);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  return { ...platform, editor, page };
}

it('the first network makes a project, one that cannot be read none, and another one goes where one says', async () => {
  const { address, prisma, page, editor } = await signedIn();
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-first-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'tiny.onnx');
  await writeNetwork(file, { ...tinyResNet(), metadata: tinyMetadata() });
  const projects = () => {
    return prisma.project.findMany({
      where: { teamId: editor.teamId, deletedAt: null },
      include: { models: { select: { name: true } } },
      orderBy: { createdAt: 'asc' },
    });
  };
  await page.goto(`${address}/models`);
  const drop = page.getByLabel('Drop a network here');
  await drop.setInputFiles({ name: 'broken.onnx', mimeType: '', buffer: Buffer.from('no network') });
  await page
    .getByRole('main')
    .getByText(/broken/)
    .waitFor();
  expect(await projects()).toEqual([]);
  await drop.setInputFiles(file);
  await page.getByRole('heading', { name: 'tiny' }).waitFor();
  expect(await projects()).toMatchObject([{ name: 'tiny', models: [{ name: 'tiny' }] }]);

  await page.goto(`${address}/models`);
  await page.getByLabel('Project').selectOption('New project');
  await page.getByLabel('Name of the new project').fill('Vision');
  const other = path.join(folder, 'other.onnx');
  await writeNetwork(other, { ...tinyResNet({ seed: 2 }), metadata: tinyMetadata() });
  await drop.setInputFiles(other);
  await page.getByRole('heading', { name: 'other' }).waitFor();
  expect(await projects()).toMatchObject([
    { name: 'tiny', models: [{ name: 'tiny' }] },
    { name: 'Vision', models: [{ name: 'other' }] },
  ]);
}, 120_000);

it('a run that finished after a retry shows no failure', async () => {
  const { address, prisma, page, editor } = await signedIn();
  await fillByHand(prisma, editor.teamId);
  const runId = 'run_cie_30_0';
  const event = (seq: number, kind: string, data: object) => ({ runId, seq, kind, data });
  const went = ['searching', 'cutting', 'evaluating', 'measuring', 'exporting', 'finished'];
  await prisma.runEvent.createMany({
    data: [
      event(1, 'created', { state: 'sampling' }),
      event(2, 'state', { state: 'failed', error: 'a share could not be read' }),
      event(3, 'state', { state: 'queued', reason: 'retried' }),
      event(4, 'claimed', {}),
      ...went.map((state, i) => event(5 + i, 'state', { state })),
    ],
  });
  await page.goto(`${address}/runs/${runId}`);
  const stages = page.getByRole('list', { name: 'Stages' });
  await stages.getByText('Sampling').waitFor();
  expect(await stages.getByText('failed', { exact: true }).count()).toBe(0);
  expect(await stages.getByText('done', { exact: true }).count()).toBe(6);
  await page.goto(`${address}/runs`);
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  expect(await page.getByRole('table').getByText('failed').count()).toBe(0);
}, 120_000);
