import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { samplePermutation } from '@espalier/datasets';
import { imageReader } from '@espalier/engines';
import { onBench, parsePlan, sampleOne } from '@espalier/pipeline';
import { analyse, samplingPlan } from '@espalier/pruning';
import { root } from '../bench/subject.ts';
import { cases } from './cases.ts';
import { shown, writeValues } from './fixtures.ts';

/** A network's contribution matrix as a worker measures it, with the images, for check.py to measure again. */
export async function writeMatrix(folder: string): Promise<void> {
  const [{ network: given }] = (await cases()) as [Awaited<ReturnType<typeof cases>>[number]];
  const home = process.env.ESPALIER_HOME ?? path.join(root, 'node_modules/.cache/espalier-test');
  const place = { home, engine: 'onnxruntime', threads: availableParallelism(), checkpointEvery: 200 };
  const data = { spec: 'cifar10', name: null, hashOfContent: false };
  await mkdir(folder, { recursive: true });
  await onBench(given, data, place, {}, async (bench) => {
    const { network, dataset } = bench;
    const ranking = { criterion: 'l1', seed: 0 };
    const analysis = await analyse(network, ranking, { dataset, engine: bench.engine, home });
    const { sampling } = parsePlan({
      model: { file: 'resnet20.onnx' },
      target: { metric: 'macs', share: 0.5 },
    });
    const { run } = await sampleOne(bench, analysis, sampling, place, {});
    const order = samplePermutation(dataset.splits.search.labels.length, run.seed);
    const { input, labels } = await imageReader(network, dataset).read('search', order.slice(0, run.samples));
    const plan = shown(await samplingPlan(network, { ...ranking, grid: run.grid }));
    await writeFile(path.join(folder, 'plan.json'), JSON.stringify(plan));
    await writeFile(path.join(folder, 'sweep.json'), JSON.stringify({ ...run, labels: [...labels] }));
    const tensors = [...given.constants].map(([name, tensor]) => [`tensor/${name}`, tensor] as const);
    await writeValues(folder, { ...Object.fromEntries(tensors), input });
  });
}
