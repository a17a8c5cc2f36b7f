import { openEngine } from '@espalier/engines';
import { encodeOnnx } from '@espalier/formats';
import {
  channelMap,
  type FloatTensor,
  floatTensor,
  prunableGroups,
  sizeOf,
  subnetwork,
} from '@espalier/network';
import { costModel, findCriterion, parseGrid, rank } from '@espalier/pruning';
import { planSweep } from '../../packages/pruning/src/sampling/planned/plan.ts';
import { variantNetwork } from '../../packages/pruning/src/sampling/planned/variants.ts';
import { wantedRows } from '../../packages/pruning/src/sampling/rows.ts';
import { architectures } from '../generate/architectures.ts';

const [arch = 'resnet20-cifar', n = '25'] = process.argv.slice(2);
const network = architectures[arch]?.();
if (!network) throw new Error('?');
const map = channelMap(network);
const criterion = findCriterion('l1');
const rankings = prunableGroups(map).map((group) => rank(criterion, group, { network, map, seed: 0 }));
const criteria = [{ criterion, rankings, cost: costModel(network, map, rankings) }];
const engine = await openEngine('onnxruntime', { threads: 1 });
let t = performance.now();
const tick = (what: string) => {
  const now = performance.now();
  const d = now - t;
  t = now;
  return `${what} ${d.toFixed(1)} ms`;
};
const plan = planSweep(network, map, rankings, wantedRows({ criteria, grid: parseGrid('0.1:0.9:0.1') }), {
  channelBlock: 16,
});
console.log(tick('plan'), 'share of naive', plan.macs / plan.naiveMacs);
for (const step of plan.steps) {
  const ranking = rankings[step.row];
  if (!ranking) continue;
  for (const batch of step.batches) {
    tick('');
    const net = variantNetwork(network, map, ranking, step.region, batch);
    const b = tick('build');
    encodeOnnx(net);
    const enc = tick('encode');
    const exe = await engine.compile(net);
    const c = tick('compile');
    const inputs = Object.fromEntries(
      net.inputs.map(({ name, shape }) => {
        const dims = shape.map((d) => (d === -1 ? Number(n) : d));
        return [name, floatTensor(dims, new Float32Array(sizeOf(dims)).fill(0.1))];
      }),
    );
    await exe.run(inputs);
    const f = tick('first');
    await exe.run(inputs);
    await exe.run(inputs);
    const r = tick('2 runs');
    console.log(
      step.group,
      step.way,
      batch.width,
      batch.removed.length,
      b,
      enc,
      c,
      f,
      r,
      ((step.macs.variants * Number(n) * 2) / 1e9).toFixed(1),
      'GFLOP',
    );
  }
}
const full = await engine.compile(network);
tick('');
const inp = { input: floatTensor([Number(n), 3, 32, 32], new Float32Array(Number(n) * 3072)) };
await full.run(inp);
tick('');
for (let i = 0; i < 10; i++) await full.run(inp);
console.log(tick('10 full runs'), (10 * 0.0408 * 2 * Number(n)).toFixed(1), 'GFLOP');
