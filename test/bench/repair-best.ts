import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { evaluate } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { onBench, parsePlan, repairOn, sampleOne } from '@espalier/pipeline';
import { type Analysis, analyse, prune, type SamplingRun } from '@espalier/pruning';
import { root } from './subject.ts';

// Which strategy is best after its repair: `npm run bench:repair-best -- [--model FILE] --strategy cie:l1 --strategy
// ...`. Structures are those of 1,000 search images; what was repaired is scored on the whole search split, and only
// the best one of each target is tested, its cut repaired again by the images of each seed.

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: path.join(root, 'models/resnet20-cifar10.onnx') },
    strategy: { type: 'string', multiple: true, default: ['cie:l1', 'cie:reconstruction'] },
    target: { type: 'string', multiple: true, default: ['0.5', '0.7'] },
    images: { type: 'string', default: '2000' },
    seeds: { type: 'string', default: '3' },
  },
});

const home = process.env.ESPALIER_HOME ?? path.join(root, 'node_modules/.cache/espalier-test');
const place = { home, engine: 'onnxruntime', threads: availableParallelism(), checkpointEvery: 200 };
const images = Number(values.images);
const percent = (share: number) => (share * 100).toFixed(2);

const { network: given } = await readNetwork(values.model);
await onBench(given, { spec: 'cifar10', name: null, hashOfContent: false }, place, {}, async (bench) => {
  const { network, dataset, engine } = bench;
  const known = new Map<string, Promise<{ analysis: Analysis; sweep: SamplingRun }>>();
  const sampled = async (criterion: string) => {
    const analysis = await analyse(network, { criterion, seed: 0 }, { dataset, engine, home });
    const { sampling } = parsePlan({ model: { file: values.model }, target: { metric: 'macs', share: 0.5 } });
    return { analysis, sweep: (await sampleOne(bench, analysis, sampling, place, {})).run };
  };
  const found = [];
  for (const strategy of values.strategy) {
    const [allocation = '', ...rest] = strategy.split(':');
    const criterion = rest.join(':');
    const of = known.get(criterion) ?? sampled(criterion);
    known.set(criterion, of);
    const { analysis, sweep } = await of;
    for (const share of values.target.map(Number)) {
      const target = { metric: 'macs', share } as const;
      const cut = prune({ network, ...analysis, allocation, target, limits: { align: 1 }, sweep });
      const repaired = async (seed: number) => {
        const from = { base: network, map: analysis.map, structure: cut.structure, cut: cut.network };
        return (await repairOn(bench, from, { images, seed }, place, {})).network;
      };
      const { top1 } = await evaluate(engine, await repaired(0), dataset, 'search');
      found.push({ strategy, share, cut, repaired, top1 });
      console.log(`${network.name}, ${share * 100} %, ${strategy}: ${percent(top1)} on the search split`);
    }
  }
  for (const share of values.target.map(Number)) {
    const [best] = found.filter((each) => each.share === share).sort((a, b) => b.top1 - a.top1);
    if (!best) continue;
    const test = async (tested: typeof network) => (await evaluate(engine, tested, dataset, 'test')).top1;
    const asCut = await test(best.cut.network);
    const tests = [];
    for (let seed = 0; seed < Number(values.seeds); seed++) tests.push(await test(await best.repaired(seed)));
    const mean = tests.reduce((sum, top1) => sum + top1, 0) / tests.length;
    console.log(
      `best of ${values.strategy.length}: ${network.name}, ${share * 100} %, ${best.strategy}: ${percent(asCut)} as cut, repaired ${percent(mean)} (${tests.map(percent).join(', ')}) on the test split`,
    );
  }
});
