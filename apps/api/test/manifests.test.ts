import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { manifestOf, openDataset, packDataset } from '@espalier/datasets';
import { expect, it, onTestFinished } from 'vitest';
import { pictureFolder } from '../../../packages/runs/test/pictures.ts';
import { producer, refusal, send, uploaded } from './external.ts';
import { startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

const DATASET = 'dataset { id name hasPixels hash manifest classes splits { name images sha256 } }';
const splits = [
  { name: 'TRAIN', images: 50, sha256: 'a'.repeat(64) },
  { name: 'TEST', images: 5, sha256: 'b'.repeat(64) },
];
// Two classes of one name, as ImageNet has them.
const input = { key: 'imagenet', name: 'ImageNet', classes: ['crane', 'crane', 'maillot'], splits };

it('a manifest is written once for each key, also by two at a time, and says what differs', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const register = (changed = {}, who = editor) =>
    send(who, 'registerDatasetManifest', { ...input, ...changed }, DATASET);
  const [one, other] = await Promise.all([register(), register()]);
  expect(other).toEqual(one);
  expect(one).toMatchObject({
    ok: true,
    dataset: { name: 'ImageNet', hasPixels: false, classes: input.classes, splits },
  });
  expect(one.dataset.hash).toBe(one.dataset.manifest);
  expect(await register()).toEqual(one);
  expect(await prisma.dataset.count()).toBe(1);
  expect(await prisma.auditEntry.count({ where: { action: 'dataset.register' } })).toBe(1);
  const changed = [splits[0], { ...splits[1], images: 6 }];
  expect(await register({ splits: changed })).toMatchObject(
    refusal('CONFLICT', 'key', /splits\.1\.images was 5, is 6/),
  );
  expect(await register({ name: 'Other' })).toMatchObject(
    refusal('CONFLICT', 'key', /name was "ImageNet", is "Other"/),
  );
  // The same images under another key are the same data set; with other classes they are a mistake.
  expect((await register({ key: 'again', name: 'Again' })).dataset).toEqual(one.dataset);
  expect(await register({ key: 'less', classes: ['a'] })).toMatchObject(
    refusal('CONFLICT', 'classes', /3 classes, not 1/),
  );
  // A key is of its team.
  const stranger = await register({ name: 'Mine' }, await member('editor'));
  expect(stranger.dataset).toMatchObject({ name: 'Mine', manifest: one.dataset.manifest });
  expect(stranger.dataset.id).not.toBe(one.dataset.id);
  await send(editor, 'moveToTrash', { ids: [one.dataset.id] });
  expect(await register()).toMatchObject(refusal('CONFLICT', 'key', /was deleted/));
  // Behind a purge it can be sent again.
  const admin = await member('admin', editor.teamId);
  expect(await send(admin, 'purge', { ids: [one.dataset.id] })).toMatchObject({ ok: true });
  expect((await register()).dataset.id).not.toBe(one.dataset.id);
});

it('refuses what is no manifest, and keeps nothing of it', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const long = Array.from({ length: 61 }, (_, i) => `${i}`.padEnd(5000, 'x'));
  const twice = [splits[0], { ...splits[0], images: 1 }];
  const refused: [string, object, RegExp][] = [
    ['splits', { splits: [] }, /a split at least/],
    ['splits.1.name', { splits: twice }, /twice/],
    ['splits.0.images', { splits: [{ ...splits[0], images: 0 }] }, /an image at least/],
    ['splits.0.sha256', { splits: [{ ...splits[0], sha256: 'abc' }] }, /64 hex/],
    ['classes', { classes: [] }, /name its classes/],
    ['classes', { classes: long }, /61 classes with 305000 letters/],
    ['name', { name: ' ' }, /give it a name/],
    ['key', { key: '' }, /1 to 200/],
    ['key', { key: 'x'.repeat(201) }, /1 to 200/],
  ];
  for (const [where, changed, message] of refused) {
    const answer = await send(editor, 'registerDatasetManifest', { ...input, ...changed });
    expect(answer, where).toMatchObject(refusal('INVALID', where, message));
  }
  expect([await prisma.dataset.count(), await prisma.clientKey.count()]).toEqual([0, 0]);
});

it('pixels and their manifest are one data set, whichever comes first', async () => {
  const folder = await mkdtemp('/var/tmp/espalier-manifests-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pictures = await pictureFolder(path.join(folder, 'pictures'), 2, 20);
  const dataset = await openDataset(pictures, { home: path.join(folder, 'home') });
  onTestFinished(() => dataset.close());
  const file = path.join(folder, 'noise.espalier-data');
  await packDataset(dataset, file, {});
  const manifest = await manifestOf(dataset);
  const told = {
    ...{ key: 'k', name: 'Bare', classes: ['x', 'y'] },
    splits: manifest.map(({ name, ...split }) => ({ ...split, name: name.toUpperCase() })),
  };

  const { member } = await startPlatform();
  const [pixelsFirst, manifestFirst] = [await member('editor'), await member('editor')];
  const withPixels = async (who: typeof pixelsFirst) => {
    const uploadId = await uploaded(who, 'noise.espalier-data', await readFile(file));
    return (await send(who, 'registerDataset', { name: 'Noise', uploadId }, DATASET)).dataset;
  };
  const first = await withPixels(pixelsFirst);
  expect(first).toMatchObject({ hasPixels: true, splits: told.splits });
  const found = await send(pixelsFirst, 'registerDatasetManifest', told, DATASET);
  expect(found).toMatchObject({ ok: true, dataset: first });

  const bare = (await send(manifestFirst, 'registerDatasetManifest', told, DATASET)).dataset;
  expect(bare).toMatchObject({ name: 'Bare', hasPixels: false, manifest: first.manifest });
  expect(await withPixels(manifestFirst)).toEqual({ ...first, id: bare.id });
  const { dataset: again } = await send(manifestFirst, 'registerDatasetManifest', told, DATASET);
  expect(again).toEqual({ ...first, id: bare.id });
});

it('nothing is computed on a manifest', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const { dataset } = await send(editor, 'registerDatasetManifest', input, 'dataset { id }');
  const made = { modelId: 'model_s', datasetId: dataset.id, name: 'e' };
  expect(await send(editor, 'createExperiment', made)).toMatchObject(
    refusal('INVALID', 'datasetId', /without pixels/),
  );
});

it('a producer appends to one project, and neither starts, changes, deletes nor invites', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const other = { id: 'proj_other', teamId: editor.teamId, name: 'other' };
  await platform.prisma.project.create({ data: other });
  const browser = await platform.signedIn(editor.userId);
  for (const projectIds of [undefined, ['proj_s', 'proj_other']]) {
    const key = { name: 'k', scopes: ['PRODUCER'], projectIds };
    expect(await send(browser, 'createApiKey', key)).toMatchObject(
      refusal('INVALID', 'projectIds', /for one project/),
    );
  }
  const viewer = await platform.signedIn((await platform.member('viewer', editor.teamId)).userId);
  const key = { name: 'k', scopes: ['PRODUCER'], projectIds: ['proj_s'] };
  expect(await send(viewer, 'createApiKey', key)).toMatchObject(
    refusal('INVALID', 'scopes', /your role is viewer/),
  );

  const script = await producer(platform, editor, 'proj_s');
  expect(await send(script, 'registerDatasetManifest', input)).toMatchObject({ ok: true });
  const model = await script.fetch(`/files/${(await platform.prisma.artifact.findFirstOrThrow()).sha256}`);
  const upload = await uploaded(script, 'net.onnx', new Uint8Array(await model.arrayBuffer()));
  const named = { uploadId: upload, name: 'net' };
  const elsewhere = { ...named, projectId: 'proj_other' };
  expect(await send(script, 'registerModel', elsewhere)).toMatchObject(
    refusal('NOT_FOUND', 'projectId', /no such project/),
  );
  const registered = await send(script, 'registerModel', { ...named, projectId: 'proj_s' }, 'model { id }');
  expect(registered).toMatchObject({ ok: true });

  const { id } = registered.model;
  const forbidden = [
    `startRuns(input: { experimentId: "exp_s", strategies: [{}], targets: [{ share: 0.5 }] }) { ok }`,
    `createExperiment(input: { modelId: "${id}", datasetId: "data_s", name: "e" }) { ok }`,
    `rename(input: { id: "${id}", name: "x" }) { ok }`,
    `setTags(input: { ids: ["${id}"], tags: ["x"] }) { ok }`,
    `setNotes(input: { ids: ["${id}"], notes: "x" }) { ok }`,
    `updateExperiment(input: { id: "exp_s", name: "x" }) { ok }`,
    `moveToTrash(input: { ids: ["${id}"] }) { ok }`,
    `purge(input: { ids: ["${id}"] }) { ok }`,
    'inviteMember(input: {}) { ok }',
    'createApiKey(input: { name: "k" }) { ok }',
    'createProject(input: { name: "p" }) { ok }',
  ];
  for (const mutation of forbidden) {
    const { errors } = await script.ask(`mutation { ${mutation} }`);
    expect(errors?.[0]?.extensions.code, mutation).toBe('FORBIDDEN');
  }
});
