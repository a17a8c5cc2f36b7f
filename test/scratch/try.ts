import { openDataset } from '@espalier/datasets';
import { openEngine } from '@espalier/engines';
import { channelMap, prunableGroups } from '@espalier/network';
import { costModel, findCriterion, parseGrid, rank, sample } from '@espalier/pruning';
import { architectures } from '../generate/architectures.ts';

const [arch = 'resnet20-cifar', n = '200', ...flags] = process.argv.slice(2);
const network = architectures[arch]?.();
if (!network) throw new Error('?');
const map = channelMap(network);
const criterion = findCriterion('l1');
const rankings = prunableGroups(map).map((group) => rank(criterion, group, { network, map, seed: 0 }));
const dataset = await openDataset('cifar10', { home: 'node_modules/.cache/espalier-test' });
const engine = await openEngine('onnxruntime', {});
const base = {
  network,
  map,
  rankings,
  cost: costModel(network, map, rankings),
  criterion,
  allowInexact: false,
  dataset,
  engine,
  grid: parseGrid('0.1:0.9:0.1'),
  samples: Number(n),
  seed: 0,
  home: '/tmp/exp/home',
  fresh: true,
};
const runs = [];
for (const tuning of [{ processes: 1 }, { processes: 2 }]) {
  const planned = await sample({ ...base, tuning });
  console.log('planned', JSON.stringify(tuning), planned.seconds.toFixed(2), 's');
  runs.push(planned.run);
}
if (!flags.includes('--no-naive')) {
  const naive = await sample({ ...base, naive: true });
  console.log('naive', naive.seconds.toFixed(2), 's');
  let cells = 0,
    differ = 0;
  naive.run.hits.forEach((row, g) =>
    row.forEach((hits, k) => {
      cells++;
      for (const run of runs) if (run.hits[g]?.[k] !== hits) differ++;
    }),
  );
  console.log({ cells, differ, base: naive.run.baseline.top1 });
}
await engine.dispose();
