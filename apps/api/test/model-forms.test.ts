import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readNetwork } from '@espalier/formats';
import { networkHash } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { loadedModel } from '../../../packages/formats/test/loaded-model.ts';
import { modelForms } from '../../../packages/formats/test/model-forms.ts';
import { noisyPng } from '../../../test/generate/images.ts';
import { type ZipEntry, zip } from '../../../test/generate/zip.ts';
import { send, uploaded } from './external.ts';
import { type Member, startPlatform } from './platform.ts';

const METADATA = {
  input: { layout: 'NHWC', channels: 'RGB', size: [12, 10], scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
  output: 'probabilities',
};

const photos: readonly ZipEntry[] = Array.from({ length: 60 }, (_, i) => ({
  name: `photos/${i}.png`,
  data: noisyPng(10, 12, i),
}));

it('a model of each form is uploaded, sampled by fidelity, pruned and downloaded as it came', async () => {
  const platform = await startPlatform({ worker: true });
  const editor = await platform.member('editor');
  const folder = await mkdtemp('/var/tmp/espalier-forms-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { project } = await send(editor, 'createProject', { name: 'Forms' }, 'project { id }');
  const uploadId = await uploaded(editor, 'photos.zip', zip(photos));
  const { dataset } = await send(
    editor,
    'registerDataset',
    { name: 'photos', uploadId },
    'dataset { id classes }',
  );
  expect(dataset.classes).toEqual([]);
  const forms = await modelForms();
  const runs = new Map<string, string>();
  for (const form of forms) {
    const { name, fileName, bytes, format, extension } = form;
    const made = await send(
      editor,
      'registerModel',
      {
        ...{ projectId: project.id, uploadId: await uploaded(editor, fileName, bytes), name },
        preprocessing: METADATA,
      },
      'model { id format extension sha256 downloadUrl summary { leftOut inputShape } usage { python javascript } }',
    );
    expect(made.errors).toEqual([]);
    const { model } = made;
    expect(model).toMatchObject({ format, extension });
    expect(model.summary.leftOut).toEqual(extension === '.zip' ? ['web/README.md'] : []);
    await checkDownload(editor, model, name, extension, folder);
    const { experiment, errors } = await send(
      editor,
      'createExperiment',
      {
        ...{ modelId: model.id, datasetId: dataset.id, name, qualityMetric: 'FIDELITY' },
        ...{ samples: 4, grid: '0.25,0.5', repair: 30, limits: { align: 1 } },
      },
      'experiment { id }',
    );
    expect(errors).toEqual([]);
    const started = await send(
      editor,
      'startRuns',
      { experimentId: experiment.id, strategies: [{ allocation: 'cie' }], targets: [{ share: 0.4 }] },
      'runs { id }',
    );
    expect(started.errors).toEqual([]);
    runs.set(name, started.runs[0].id);
  }
  for (const { name, format, extension, isWritten, params } of forms) {
    const run = await over(editor, runs.get(name) ?? '');
    expect(run.error, name).toBeNull();
    const { result } = run;
    expect(result.savedMacs).toBeGreaterThanOrEqual(0.4);
    expect([name, result.format, result.extension]).toEqual(
      isWritten ? [name, format, extension] : [name, 'TFJS_GRAPH', '.zip'],
    );
    const response = await editor.fetch(result.downloadUrl);
    const saved = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? '';
    expect(saved.endsWith(result.extension)).toBe(true);
    const file = path.join(folder, saved);
    await writeFile(file, Buffer.from(await response.arrayBuffer()));
    const { network } = await readNetwork(file);
    expect(networkHash(network)).toBe(result.networkHash);
    expect(network.metadata).toEqual(METADATA);
    if (result.format === 'ONNX') continue;
    const { isLayers, shapes, answer } = await loadedModel(file);
    expect(isLayers).toBe(result.format === 'TFJS_LAYERS');
    const left = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(left).toBeLessThan(0.8 * params);
    expect(answer([2, 12, 10, 3])).toEqual([2, 5]);
  }
}, 240_000);

/** As it came, with its preprocessing in it if there is a place for that, and the same bytes each time. */
async function checkDownload(
  editor: Member,
  model: { readonly downloadUrl: string },
  name: string,
  extension: string,
  folder: string,
): Promise<void> {
  const fetched = async () => Buffer.from(await (await editor.fetch(model.downloadUrl)).arrayBuffer());
  const bytes = await fetched();
  expect((await fetched()).equals(bytes)).toBe(true);
  const file = path.join(folder, `${name}${extension}`);
  await writeFile(file, bytes);
  const { network } = await readNetwork(file, { alone: true });
  expect(network.metadata).toEqual(extension === '.h5' ? undefined : METADATA);
}

async function over(editor: Member, id: string) {
  for (;;) {
    const { data } = await editor.ask(
      `{ run(id: "${id}") { isOver error result { savedMacs networkHash format extension downloadUrl } } }`,
    );
    if (data.run.isOver) return data.run;
    await setTimeout(200);
  }
}

it('one model has one hash, and what is damaged is refused in a line with its field', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'Forms' }, 'project { id }');
  let count = 0;
  const register = async (fileName: string, bytes: Uint8Array) =>
    send(
      editor,
      'registerModel',
      { projectId: project.id, uploadId: await uploaded(editor, fileName, bytes), name: `net ${count++}` },
      'model { sha256 bytes downloadUrl }',
    );
  const forms = await modelForms();
  const graph = forms.find(({ format }) => format === 'TFJS_GRAPH');
  if (!graph) throw new Error('there is no graph model');
  const { files } = graph;
  const entries = [...files].map(([name, data]) => ({ name, data: Buffer.from(data) }));
  const one = await register('a.zip', zip(entries));
  const two = await register('b.zip', graph.bytes);
  expect([one.errors, two.errors]).toEqual([[], []]);
  expect(two.model.sha256).toBe(one.model.sha256);
  const again = await register(
    'c.zip',
    Buffer.from(await (await editor.fetch(one.model.downloadUrl)).arrayBuffer()),
  );
  expect(again.model.sha256).toBe(one.model.sha256);
  const onnx = forms.find(({ format }) => format === 'ONNX');
  expect((await register('net.onnx', onnx?.bytes ?? Buffer.alloc(0))).model.sha256).toBe(
    sha256Of(onnx?.bytes),
  );
  for (const [fileName, bytes, message] of [
    ['web.zip', zip(entries.slice(1)), /^web\.zip has no model\.json: zip the folder/],
    [
      'web.zip',
      zip(entries.slice(0, 1)),
      /^web\.zip: shard "[^"]+" is not in the zip beside model\.json: zip/,
    ],
    ['web.zip', Buffer.from('PK\u0003\u0004 nothing'), /^web\.zip is cut off or damaged/],
    [
      'model.json',
      files.get('model.json') ?? Buffer.alloc(0),
      /^model\.json: a model\.json alone has no weights: give a zip/,
    ],
    ['net.h5', Buffer.from('nothing'), /^net\.h5 is no HDF5 file, or damaged/],
  ] as const) {
    expect(await register(fileName, bytes)).toMatchObject({
      ok: false,
      errors: [{ path: ['uploadId'], message: expect.stringMatching(message) }],
    });
  }
});

function sha256Of(bytes: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(bytes ?? new Uint8Array())
    .digest('hex');
}
