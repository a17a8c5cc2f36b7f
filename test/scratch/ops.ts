import fs from 'node:fs';
import { createRequire } from 'node:module';
import { encodeOnnx } from '@espalier/formats';
import { channelMap, floatTensor, prunableGroups, sizeOf } from '@espalier/network';
import { costModel, findCriterion, parseGrid, rank } from '@espalier/pruning';
import { planSweep } from '../../packages/pruning/src/sampling/planned/plan.ts';
import { variantNetwork } from '../../packages/pruning/src/sampling/planned/variants.ts';
import { wantedRows } from '../../packages/pruning/src/sampling/rows.ts';
import { architectures } from '../generate/architectures.ts';

const ort = createRequire('/work/main/packages/engines/src/x.ts')('onnxruntime-node');
const [arch = 'resnet20-cifar', group = 'conv4', n = '25'] = process.argv.slice(2);
const network = architectures[arch]?.()!;
const map = channelMap(network);
const criterion = findCriterion('l1');
const rankings = prunableGroups(map).map((g) => rank(criterion, g, { network, map, seed: 0 }));
const criteria = [{ criterion, rankings, cost: costModel(network, map, rankings) }];
const plan = planSweep(network, map, rankings, wantedRows({ criteria, grid: parseGrid('0.1:0.9:0.1') }), {
  channelBlock: 16,
});
const step = plan.steps.find((s) => s.group === group)!;
const net =
  group === 'full'
    ? network
    : variantNetwork(network, map, rankings[step.row]!, step.region, step.batches[0]!);
const s = await ort.InferenceSession.create(encodeOnnx(net), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  enableProfiling: true,
  profileFilePrefix: '/tmp/exp/prof',
});
const inputs = Object.fromEntries(
  net.inputs.map(({ name, shape }) => {
    const dims = shape.map((d) => (d === -1 ? Number(n) : d));
    return [name, new ort.Tensor('float32', new Float32Array(sizeOf(dims)).fill(0.1), dims)];
  }),
);
for (let i = 0; i < 6; i++) await s.run(inputs);
s.endProfiling?.();
const file = fs
  .readdirSync('/tmp/exp')
  .filter((f) => f.startsWith('prof'))
  .sort()
  .at(-1)!;
const ev = JSON.parse(fs.readFileSync('/tmp/exp/' + file, 'utf8'));
const byOp = new Map<string, number>();
for (const e of ev)
  if (e.cat === 'Node' && e.name.endsWith('kernel_time')) {
    const k = e.args.op_name + (process.argv[5] ? ' ' + e.name : '');
    byOp.set(k, (byOp.get(k) ?? 0) + e.dur / 6000);
  }
console.log(
  [...byOp]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 25)
    .map(([k, v]) => `${k}: ${v.toFixed(2)} ms`)
    .join('\n'),
);
