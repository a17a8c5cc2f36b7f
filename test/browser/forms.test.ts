import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { send, uploaded } from '../../apps/api/test/external.ts';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { readNetwork } from '../../packages/formats/src/index.ts';
import { loadedModel } from '../../packages/formats/test/loaded-model.ts';
import { type ModelForm, modelForms } from '../../packages/formats/test/model-forms.ts';
import { noisyPng } from '../generate/images.ts';
import { zip } from '../generate/zip.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

const PIXELS = {
  input: {
    ...{ layout: 'NHWC', channels: 'RGB', size: [12, 10] },
    ...{ scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
  },
  output: 'probabilities',
};

const WORDS = {
  ONNX: 'ONNX',
  TFJS_GRAPH: 'TensorFlow.js graph model',
  TFJS_LAYERS: 'TensorFlow.js LayersModel',
  KERAS: 'Keras',
} as const;

/** What is dropped: a graph model as its files, all others as one file. */
function dropped({ format, files, fileName, bytes }: ModelForm) {
  const pixels = {
    name: 'pixels.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(PIXELS)),
  };
  const file = (name: string, content: Uint8Array) => ({
    ...{ name, mimeType: 'application/octet-stream' },
    buffer: Buffer.from(content),
  });
  if (format !== 'TFJS_GRAPH') return [file(fileName, bytes), pixels];
  return [...[...files].map(([name, content]) => file(name, content)), file('README.md', bytes), pixels];
}

it('a network of each form is dropped, sampled by fidelity, pruned and downloaded as it came', {
  timeout: 600_000,
}, async () => {
  const platform = await startPlatform({ worker: true, dashboard: true });
  const editor = await platform.member('editor');
  const { project } = await send(editor, 'createProject', { name: 'Forms' }, 'project { id }');
  const photos = Array.from({ length: 60 }, (_, i) => ({
    name: `photos/${i}.png`,
    data: noisyPng(10, 12, i),
  }));
  const uploadId = await uploaded(editor, 'photos.zip', zip(photos));
  const { dataset } = await send(editor, 'registerDataset', { name: 'photos', uploadId }, 'dataset { id }');
  const folder = await mkdtemp('/var/tmp/espalier-forms-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { page, problems } = await signedInPage(platform, editor.userId);
  const barriers: string[] = [];
  const runs: { readonly form: ModelForm; readonly id: string }[] = [];
  for (const form of await modelForms()) {
    await page.goto(`${platform.address}/models`);
    await page.getByLabel('Project', { exact: true }).selectOption(project.id);
    await page.getByLabel('Drop a network here').setInputFiles(dropped(form));
    await page.waitForURL(/\/models\/model_/);
    await page.getByText(`${WORDS[form.format]}, `).first().waitFor();
    const leftOut = page.getByText('Left out of the upload');
    expect([form.name, await leftOut.count()]).toEqual([form.name, form.extension === '.zip' ? 1 : 0]);
    barriers.push(...(await violations(page)));
    const { experiment } = await send(
      editor,
      'createExperiment',
      {
        ...{ modelId: page.url().split('/').at(-1), datasetId: dataset.id, name: form.name },
        ...{ qualityMetric: 'FIDELITY', samples: 4, grid: '0.25,0.5', repair: 30, limits: { align: 1 } },
      },
      'experiment { id }',
    );
    const started = await send(
      editor,
      'startRuns',
      { experimentId: experiment.id, strategies: [{ allocation: 'cie' }], targets: [{ share: 0.4 }] },
      'runs { id }',
    );
    runs.push({ form, id: started.runs[0].id });
  }
  for (const { form, id } of runs) {
    await page.goto(`${platform.address}/runs/${id}`);
    const label = form.format === 'ONNX' ? 'Download ONNX' : 'Download TensorFlow.js';
    const link = page.getByRole('link', { name: label });
    await link.waitFor({ timeout: 240_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const extension = form.format === 'ONNX' ? '.onnx' : '.zip';
    expect(download.suggestedFilename().endsWith(extension)).toBe(true);
    const file = path.join(folder, download.suggestedFilename());
    await download.saveAs(file);
    const { network } = await readNetwork(file);
    expect(network.metadata).toEqual(PIXELS);
    if (extension === '.onnx') continue;
    const { isLayers, answer } = await loadedModel(file);
    expect(isLayers).toBe(form.format === 'TFJS_LAYERS');
    expect(answer([1, 12, 10, 3])).toEqual([1, 5]);
  }
  expect(barriers).toEqual([]);
  expect(problems).toEqual([]);
});
