import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { contactSheet, type Dataset, openDataset, packDataset } from '@espalier/datasets';
import { writeNetwork } from '@espalier/formats';
import { keepTidy, openDatabase } from '@espalier/store';
import { expect, it, onTestFinished } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import { pictureFolder } from '../../../packages/runs/test/pictures.ts';
import { commandHere } from './command.ts';
import { type Member, startPlatform } from './platform.ts';

const CLASSES = 10;

const FIELDS = `id name hash classes height width channels mean std downloadUrl
  splits { name images classCounts }
  sampleSheet { url columns tileWidth tileHeight rows { class images } }`;

it('a pushed folder is a data set of the team, and runs go to their end on it', async () => {
  const { folder, pictures } = await someFolder();
  const home = path.join(folder, 'platform');
  const { member, address, url } = await startPlatform({ worker: true, home });
  const editor = await member('editor');
  const espalier = commandHere(folder, { ESPALIER_ADDRESS: address, ESPALIER_KEY: editor.key });
  const pushed = await espalier('push', '--dataset', pictures, '--name', 'Noise', '--json');
  expect(pushed).toMatchObject({ code: 0, stderr: '' });
  const { id } = JSON.parse(pushed.stdout);

  const { data } = await editor.ask(`{ dataset(id: "${id}") { ${FIELDS} } }`);
  const original = await opened(pictures, folder);
  const file = path.join(folder, 'same.espalier-data');
  const { sha256 } = await packDataset(original, file, {});
  const each = (n: number) => new Array(CLASSES).fill(n);
  expect(data.dataset).toEqual({
    ...{ id, name: 'Noise', classes: original.classes, height: 6, width: 6, channels: 3 },
    hash: (await opened(file, folder, true)).hash,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    downloadUrl: `/files/${sha256}`,
    splits: [
      { name: 'TRAIN', images: 160, classCounts: each(16) },
      { name: 'SEARCH', images: 20, classCounts: each(2) },
      { name: 'TEST', images: 20, classCounts: each(2) },
    ],
    sampleSheet: {
      ...{ url: expect.stringMatching(/^\/files\/[0-9a-f]{64}$/), columns: 10, tileWidth: 6, tileHeight: 6 },
      rows: each(10).map((images, label) => ({ class: label, images })),
    },
  });
  const { sampleSheet, downloadUrl } = data.dataset;
  const sheet = await editor.fetch(sampleSheet.url);
  expect(sheet.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await sheet.arrayBuffer()).equals((await contactSheet(original)).png)).toBe(true);
  const download = await editor.fetch(downloadUrl);
  expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename=".*\.espalier-data"$/);
  expect(digest(await download.arrayBuffer())).toBe(sha256);

  const runs = await startedRuns(editor, folder, id);
  for (const runId of runs) {
    expect(await over(editor, runId)).toMatchObject({
      ...{ state: 'FINISHED', error: null },
      result: { top1: expect.any(Number), savedMacs: expect.any(Number) },
    });
  }

  const stranger = await member('admin');
  const seen = await stranger.ask(`{ dataset(id: "${id}") { id } datasets { totalCount } }`);
  expect(seen.data).toEqual({ dataset: null, datasets: { totalCount: 0 } });
  for (const url of [sampleSheet.url, downloadUrl]) expect((await stranger.fetch(url)).status).toBe(404);

  // A purge leaves nothing of them on any disk.
  const network = await readFile(path.join(folder, 'tiny.onnx'));
  const images = await readFile(file);
  const pieces = [network.subarray(network.length >> 1), images.subarray(images.length >> 1)].map((bytes) =>
    bytes.subarray(0, 64),
  );
  const holding = async () => {
    const names = await readdir(home, { recursive: true, withFileTypes: true });
    const files = names.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
    const read = await Promise.all(files.map(async (one) => ({ one, bytes: await readFile(one) })));
    const those = read.filter(({ one, bytes }) => {
      return one.includes('derived') || pieces.some((piece) => bytes.includes(piece));
    });
    return those.map(({ one }) => path.relative(home, one).split(path.sep)[0]);
  };
  expect(new Set(await holding())).toEqual(new Set(['artifacts', 'artifact-cache', 'derived']));
  const database = await openDatabase(url);
  onTestFinished(() => database.close());
  onTestFinished(
    await keepTidy({
      database,
      home,
      cacheBytes: 1e9,
      log: () => {},
      onError: (error) => console.error(error),
    }),
  );
  expect(await holding()).not.toEqual([]);
  const admin = await member('admin', editor.teamId);
  const projects = await admin.ask('{ projects { nodes { id } } }');
  await purged(admin, projects.data.projects.nodes[0].id);
  await purged(admin, id);
  await expect.poll(holding, { timeout: 10_000 }).toEqual([]);
}, 900_000);

it('what cannot be used is told of the upload, and nothing is registered', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const { folder, pictures } = await someFolder(3);
  const file = path.join(folder, 'good.espalier-data');
  await packDataset(await opened(pictures, folder), file, {});
  const good = await readFile(file);
  const registered = async (name: string, bytes: Uint8Array | null, asker = editor) => {
    const uploadId = bytes && (await uploaded(editor, bytes));
    const { data } = await register(asker, name, uploadId);
    return data.registerDataset;
  };
  const refused = async (...args: Parameters<typeof registered>) => {
    const { ok, errors, dataset } = await registered(...args);
    expect({ ok, dataset }).toEqual({ ok: false, dataset: null });
    expect(await prisma.dataset.count()).toBe(0);
    expect(await prisma.auditEntry.count({ where: { action: 'dataset.register' } })).toBe(0);
    return errors[0];
  };
  expect(await refused('birds', Buffer.from('no pictures'))).toEqual({
    message: expect.stringMatching(/^data\.espalier-data is not a packed data set/),
    path: ['uploadId'],
  });
  const cut = { message: expect.stringMatching(/^data\.espalier-data is cut off/), path: ['uploadId'] };
  expect(await refused('birds', good.subarray(0, -1))).toEqual(cut);
  const changed = Buffer.from(good);
  changed[changed.length - 100] = (changed[changed.length - 100] ?? 0) ^ 1;
  expect(await refused('birds', changed)).toMatchObject({ message: expect.stringMatching(/is damaged/) });
  expect(await refused(' ', good)).toEqual({ message: 'give it a name', path: ['name'] });
  expect(await refused('cifar10', good)).toMatchObject({ path: ['name'] });
  expect(await refused('birds', null)).toMatchObject({ path: ['name'] });
  const foreign = { message: 'there is no such upload, or it is not complete', path: ['uploadId'] };
  expect(await refused('birds', good, await member('admin'))).toEqual(foreign);

  expect(await registered('birds', good)).toMatchObject({ ok: true, errors: [] });
  expect((await registered('Birds', good)).errors).toEqual([
    {
      message: 'this name is taken: choose another one, or rename what has it',
      path: ['name'],
    },
  ]);
});

it('no file can pass for other images, and what is purged takes its files along', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const { folder, pictures } = await someFolder(3);
  const original = await opened(pictures, folder);
  const files = await Promise.all(
    [original.hash, 'c'.repeat(64)].map(async (hash, i) => {
      const file = path.join(folder, `${i}.espalier-data`);
      await packDataset({ ...original, hash }, file, {});
      return readFile(file);
    }),
  );
  const made: { id: string; hash: string; downloadUrl: string; sampleSheet: { url: string } }[] = [];
  for (const [i, bytes] of files.entries()) {
    const { data } = await register(editor, `set ${i}`, await uploaded(editor, bytes));
    made.push(data.registerDataset.dataset);
  }
  const [first, second] = made;
  if (!first || !second) throw new Error('there are two data sets');
  expect(first.downloadUrl).not.toBe(second.downloadUrl);
  expect(first.hash).toBe(second.hash);
  expect(first.hash).not.toBe('c'.repeat(64));

  // The sheet of both is one file, which goes with the last of them.
  const admin = await member('admin', editor.teamId);
  const status = async (url: string) => (await admin.fetch(url)).status;
  await purged(admin, first.id);
  expect(await status(first.downloadUrl)).toBe(404);
  expect(await status(second.sampleSheet.url)).toBe(200);
  expect(await prisma.artifact.count()).toBe(2);
  await purged(admin, second.id);
  expect(await prisma.artifact.count()).toBe(0);
});

it('a data set that comes with Espalier is described in the same way', async () => {
  const { member } = await startPlatform();
  const editor = await member('editor');
  const { data } = await register(editor, 'mnist', null);
  const { dataset } = data.registerDataset;
  expect(dataset).toMatchObject({
    ...{ name: 'mnist', height: 28, width: 28, channels: 1, mean: [0.1307], std: [0.3081] },
    ...{ downloadUrl: null, sampleSheet: { columns: 10, tileWidth: 28, tileHeight: 28 } },
  });
  for (const { images, classCounts } of dataset.splits) {
    expect(classCounts.reduce((sum: number, n: number) => sum + n, 0)).toBe(images);
  }
  expect(dataset.splits[2]).toMatchObject({
    name: 'TEST',
    classCounts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  });
  expect((await editor.fetch(dataset.sampleSheet.url)).status).toBe(200);
});

async function someFolder(classes = CLASSES): Promise<{ folder: string; pictures: string }> {
  const folder = await mkdtemp('/var/tmp/espalier-datasets-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, pictures: await pictureFolder(path.join(folder, 'pictures'), classes, 20) };
}

async function opened(spec: string, folder: string, hashOfContent = false): Promise<Dataset> {
  const dataset = await openDataset(spec, { home: path.join(folder, 'home'), hashOfContent });
  onTestFinished(() => dataset.close());
  return dataset;
}

async function purged(admin: Member, id: string): Promise<void> {
  const deleted = await admin.ask(`mutation { moveToTrash(input: { ids: ["${id}"] }) { ok } }`);
  expect(deleted.errors).toBeUndefined();
  const { data } = await admin.ask(`mutation { purge(input: { ids: ["${id}"] }) { ok errors { message } } }`);
  expect(data.purge).toEqual({ ok: true, errors: [] });
}

function digest(bytes: ArrayBuffer): string {
  return createHash('sha256').update(Buffer.from(bytes)).digest('hex');
}

async function uploaded(member: Member, bytes: Uint8Array, fileName = 'data.espalier-data'): Promise<string> {
  const { data } = await member.ask(
    'mutation ($fileName: String!) { createUpload(input: { fileName: $fileName }) { upload { id url } } }',
    { fileName },
  );
  const { id, url } = data.createUpload.upload;
  const { status } = await member.fetch(url, { method: 'PUT', body: Buffer.from(bytes) });
  expect(status).toBe(200);
  return id;
}

function register(member: Member, name: string, uploadId: string | null) {
  return member.ask(
    `mutation ($name: String!, $uploadId: ID) { registerDataset(input: { name: $name, uploadId: $uploadId }) {
      ok errors { message path } dataset { ${FIELDS} } } }`,
    { name, uploadId },
  );
}

/** Two runs of a tiny network on the data set: one by samples, with some training, and one without. */
async function startedRuns(member: Member, folder: string, datasetId: string): Promise<string[]> {
  const file = path.join(folder, 'tiny.onnx');
  await writeNetwork(file, { ...tinyResNet(), metadata: tinyMetadata() });
  const uploadId = await uploaded(member, await readFile(file), 'tiny.onnx');
  const project = await member.ask('mutation { createProject(input: { name: "Noise" }) { project { id } } }');
  const model = await member.ask(
    'mutation ($projectId: ID!, $uploadId: ID!) { registerModel(input: { projectId: $projectId, uploadId: $uploadId, name: "tiny" }) { errors { message } model { id } } }',
    { projectId: project.data.createProject.project.id, uploadId },
  );
  const input = {
    ...{ modelId: model.data.registerModel.model.id, datasetId, name: 'first', samples: 20 },
    ...{ grid: '0.25,0.5,0.75', recipe: { steps: 3, batch: 16 } },
  };
  const made = await member.ask(
    'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { errors { message } experiment { id } } }',
    { input },
  );
  const { data } = await member.ask(
    `mutation { startRuns(input: { experimentId: "${made.data.createExperiment.experiment.id}", strategies: [{ allocation: "cie" }, { allocation: "uniform" }], targets: [{ share: 0.3 }] }) { errors { message } runs { id } } }`,
  );
  return data.startRuns.runs.map(({ id }: { id: string }) => id);
}

async function over(member: Member, id: string) {
  for (;;) {
    const { data } = await member.ask(`{ run(id: "${id}") { state error result { top1 savedMacs } } }`);
    if (['FINISHED', 'FAILED', 'CANCELLED'].includes(data.run.state)) return data.run;
    await setTimeout(200);
  }
}
