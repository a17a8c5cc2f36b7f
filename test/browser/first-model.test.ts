import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeNetwork } from '@espalier/formats';
import { expect, it, onTestFinished } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { fillByHand } from '../../apps/api/test/strategies-data.ts';
import { tinyMetadata, tinyResNet } from '../../packages/engines/test/tiny-networks.ts';
import { launchBrowser } from './browser.ts';
import { clickUntil } from './click.ts';

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
  // Each step of the overview leads to where it is done.
  await page.getByText('0 of 4 done').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Add a model' }).first().click();
  await page.getByRole('heading', { name: 'Models' }).waitFor();
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
  await page.getByLabel('Project', { exact: true }).selectOption('New project');
  await page.getByLabel('Name of the new project').fill('Vision');
  const other = path.join(folder, 'other.onnx');
  await writeNetwork(other, { ...tinyResNet({ seed: 2 }), metadata: tinyMetadata() });
  await drop.setInputFiles(other);
  await page.getByRole('heading', { name: 'other' }).waitFor();
  expect(await projects()).toMatchObject([
    { name: 'tiny', models: [{ name: 'tiny' }] },
    { name: 'Vision', models: [{ name: 'other' }] },
  ]);
  await page.goto(address);
  await page.getByText('1 of 4 done').waitFor();
}, 120_000);

it('models and projects get other names, and a list shows the models of one project', async () => {
  const { address, prisma, page, editor } = await signedIn();
  for (const [at, name] of ['Vision', 'Sound'].entries()) {
    const { teamId } = editor;
    const [projectId, sha256] = [`proj_${at}`, `${at}`.repeat(64)];
    await prisma.project.create({ data: { id: projectId, teamId, name } });
    await prisma.artifact.create({ data: { sha256, bytes: 1, mediaType: 'application/onnx' } });
    await prisma.model.create({
      data: {
        ...{ id: `model_${at}`, teamId, projectId, name: `Net of ${name}`, sha256, networkHash: `${at}` },
        ...{ params: 1, macs: 1, summary: {} },
      },
    });
  }
  const rename = async (from: string, to: string) => {
    const button = page.getByRole('button', { name: `Rename ${from}` });
    const name = page.getByRole('dialog').getByLabel('Name');
    await clickUntil(button, name);
    await name.fill(to);
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await prisma.model.update({ where: { id: 'model_1' }, data: { deletedAt: new Date() } });
  await page.goto(`${address}/models/model_1`);
  await page.getByText('The model "Net of Sound" was deleted.').waitFor();
  await prisma.model.update({ where: { id: 'model_1' }, data: { deletedAt: null } });
  await page.goto(`${address}/models/model_0`);
  await rename('Net of Vision', 'Eyes');
  await page.getByRole('heading', { name: 'Eyes' }).waitFor();

  await page.goto(`${address}/models`);
  await rename('Vision', 'Sight');
  const projects = await prisma.project.findMany({ where: { teamId: editor.teamId } });
  expect(projects.map(({ name }) => name).sort()).toEqual(['Sight', 'Sound']);
  await page.getByRole('table', { name: 'Models' }).getByText('Net of Sound').waitFor();
  await page.getByRole('button', { name: 'Project', exact: true }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Sight' }).click();
  await page.waitForURL(/projects=proj_0/);
  const models = page.getByRole('table', { name: 'Models' });
  await models.getByText('Net of Sound').waitFor({ state: 'detached' });
  await models.getByText('Eyes').waitFor();
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
