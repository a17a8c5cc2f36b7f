import { readNetwork } from '@espalier/formats';
import { floatTensor } from '@espalier/network';
import * as ort from 'onnxruntime-node';
import { onnxRuntimeTrainer } from './src/training/onnxruntime-trainer.ts';
import { parseRecipe } from './src/training/recipe.ts';

const file = process.argv[2] ?? 'models/resnet20-cifar10.onnx';
const batch = Number(process.argv[3] ?? 128);
const n = Number(process.argv[4] ?? 10);
const { network } = (await readNetwork(file)) as any;
const recipe = parseRecipe({});
const t0 = performance.now();
const trainer = await onnxRuntimeTrainer(
  ort as any,
  network,
  { batch, optimiser: recipe.optimiser },
  Number(process.env.T ?? 2),
);
console.log('compile', (performance.now() - t0).toFixed(0), 'ms');
const data = new Float32Array(batch * 3072).map(() => Math.random() * 2 - 1);
const targets = new Float32Array(batch * 10);
for (let i = 0; i < batch; i++) targets[i * 10 + (i % 10)] = 1;
const times: number[] = [];
for (let i = 0; i < n; i++) {
  const t = performance.now();
  const { loss } = await trainer.step({
    input: floatTensor([batch, 3, 32, 32], data),
    targets: floatTensor([batch, 10], targets),
    learningRate: 0.01,
  });
  times.push(performance.now() - t);
  if (i % 5 === 0 || i === n - 1) console.log(i, 'loss', loss.toFixed(4), times.at(-1)!.toFixed(0), 'ms');
}
const s = times.slice(2).sort((a, b) => a - b);
const m = s[Math.floor(s.length / 2)]!;
console.log(
  'median',
  m.toFixed(0),
  'ms',
  ((batch / m) * 1000).toFixed(0),
  'img/s',
  'best',
  ((batch / s[0]!) * 1000).toFixed(0),
  'rss',
  (process.memoryUsage().rss / 2 ** 20).toFixed(0),
);
