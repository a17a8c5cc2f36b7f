import fs from 'node:fs';
import { readNetwork } from '@espalier/formats';
import * as ort from 'onnxruntime-node';
import { blockSize } from './src/training/graph/block.ts';
import { endingInLogits } from './src/training/logits.ts';
import { parameterLayout } from './src/training/parameters.ts';
import { parseRecipe } from './src/training/recipe.ts';
import { stepGraph } from './src/training/step-graph.ts';

const file = process.argv[2] ?? 'models/resnet20-cifar10.onnx';
const batch = 128;
const { network } = (await readNetwork(file)) as any;
const layout = parameterLayout(network);
const graph = stepGraph(
  endingInLogits(network),
  layout,
  { batch, optimiser: parseRecipe({}).optimiser },
  await blockSize(ort as any),
);
fs.writeFileSync('/tmp/t/step.onnx', graph.bytes);
const s = await ort.InferenceSession.create(graph.bytes, {
  intraOpNumThreads: 2,
  enableProfiling: true,
  profileFilePrefix: '/tmp/t/prof',
  logSeverityLevel: 3,
} as any);
const feeds: any = {};
for (const n of s.inputNames) {
  const m: any = (s as any).inputMetadata.find((x: any) => x.name === n);
  const len = m.shape.reduce((a: number, b: number) => a * b, 1);
  feeds[n] = new ort.Tensor(
    'float32',
    new Float32Array(len).map(() => Math.random() * 0.1 - 0.05),
    m.shape,
  );
}
const STEPS = 6;
for (let i = 0; i < STEPS; i++) await s.run(feeds);
(s as any).endProfiling();
const f = fs
  .readdirSync('/tmp/t')
  .filter((x) => x.startsWith('prof'))
  .sort()
  .at(-1)!;
const events = JSON.parse(fs.readFileSync('/tmp/t/' + f, 'utf8'));
const by = new Map<string, { t: number; n: number }>();
let total = 0;
for (const e of events) {
  if (e.cat !== 'Node' || !e.name.endsWith('_kernel_time')) continue;
  const shape = JSON.stringify(e.args.output_type_shape?.[0]?.float ?? '');
  const ins = (e.args.input_type_shape ?? []).map((x: any) => JSON.stringify(Object.values(x)[0])).join(' ');
  const key = process.argv[3] === 'shape' ? `${e.args.op_name} ${ins} -> ${shape}` : e.args.op_name;
  const v = by.get(key) ?? { t: 0, n: 0 };
  v.t += e.dur;
  v.n++;
  by.set(key, v);
  total += e.dur;
}
console.log('total', (total / STEPS / 1000).toFixed(0), 'ms');
for (const [k, v] of [...by].sort((a, b) => b[1].t - a[1].t).slice(0, 45))
  console.log(
    (v.t / STEPS / 1000).toFixed(1).padStart(7),
    'ms',
    String(v.n / STEPS).padStart(5),
    k.slice(0, 150),
  );
for (const x of fs.readdirSync('/tmp/t')) if (x.startsWith('prof')) fs.unlinkSync('/tmp/t/' + x);
