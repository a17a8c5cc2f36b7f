import { readFile } from 'node:fs/promises';
import { dropSamples, monotoneDrop, unitsRemoved } from '@espalier/pruning';
import { producer, send, uploaded } from './external.ts';
import { type Member, type Platform, RESNET20 } from './platform.ts';

const IMAGES = 100;
const GRID = [0.25, 0.5, 0.75];

/** A done sampling of ResNet-20 that was measured elsewhere; drops rise at another pace in each group. */
export async function sampledElsewhere(platform: Platform, editor: Member, order?: object[]) {
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const named = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const splits = [{ name: 'SEARCH', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const input = {
    ...{ key: 'sweep', modelId: model.id, datasetId: dataset.id, samples: IMAGES, grid: GRID.join() },
    metric: { name: 'top1', direction: 'HIGHER' },
    source: { tool: 'pytorch' },
    ...(order ? { criterion: 'ours', order } : {}),
  };
  const { samplingRun } = await send(
    script,
    'createSampling',
    input,
    'samplingRun { id groups { name width } }',
  );
  const { id, groups } = samplingRun as { id: string; groups: { name: string; width: number }[] };
  const cell = (g: number, k: number) => {
    const ratio = GRID[k] ?? 0;
    return { value: 0.9 - (0.02 + 0.03 * (g % 5)) * (k + 1), loss: 0.4 + (0.1 + (g % 3)) * ratio ** 2 };
  };
  const points = groups.flatMap(({ name, width }, g) =>
    GRID.map((ratio, k) => ({
      group: name,
      removed: unitsRemoved(ratio, width),
      images: IMAGES,
      ...cell(g, k),
    })),
  );
  const base = { removed: 0, value: 0.9, loss: 0.4, images: IMAGES };
  await send(script, 'putSamplePoints', { key: 'all', samplingRunId: id, points: [base, ...points] });
  await send(script, 'finishSampling', { samplingRunId: id });
  const values = groups.map((_, g) => GRID.map((_ratio, k) => cell(g, k)));
  const samples = dropSamples({
    removed: groups.map(({ width }) => GRID.map((ratio) => unitsRemoved(ratio, width))),
    monotoneDrop: monotoneDrop(values.map((row) => row.map(({ value }) => 0.9 - value))),
    loss: values.map((row) => row.map(({ loss }) => loss)),
    baseLoss: 0.4,
  });
  return { script, id, groups, samples, modelId: model.id as string };
}
