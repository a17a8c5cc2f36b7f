import { availableParallelism } from 'node:os';
import { seededRandom } from '@espalier/datasets';
import { openEngine } from '@espalier/engines';
import {
  channelMap,
  cutNetwork,
  type FloatTensor,
  floatTensor,
  initialise,
  type Network,
  type Node,
  namedNode,
  networkCost,
  prunableGroups,
  sizeOf,
  type Tensor,
} from '@espalier/network';
import { repair } from '@espalier/pruning';
import { machineName } from './machine.ts';

// Seconds and memory of a repair of ResNet-50's shapes (He et al., 2016, table 1) with half of each group gone, random
// weights and images: `npm run bench:repair-large [-- IMAGES]`.

const EXTENT = 224;
const IMAGES = Number(process.argv[2] ?? 256);

function resnet50(): Network {
  const nodes: Node[] = [];
  const constants = new Map<string, Tensor>();
  let count = 0;
  const zeros = (name: string, dims: number[], value = 0) => {
    constants.set(name, floatTensor(dims, new Float32Array(sizeOf(dims)).fill(value)));
    return name;
  };
  const convolution = (x: string, from: number, to: number, kernel: number, stride: number) => {
    const name = `conv${count++}`;
    const pad = (kernel - 1) / 2;
    const window = { strides: [stride, stride], pads: [pad, pad, pad, pad], dilations: [1, 1], group: 1 };
    nodes.push(namedNode('Conv', [x, zeros(`${name}.w`, [to, from, kernel, kernel])], name, window));
    const vectors = ['scale', 'shift', 'mean', 'variance'].map((part, i) =>
      zeros(`${name}.${part}`, [to], i % 3 === 0 ? 1 : 0),
    );
    nodes.push(namedNode('BatchNormalization', [name, ...vectors], `${name}.bn`, { epsilon: 1e-5 }));
    return `${name}.bn`;
  };
  const relu = (x: string) => {
    nodes.push(namedNode('Relu', [x], `${x}.relu`));
    return `${x}.relu`;
  };
  let x = relu(convolution('input', 3, 64, 7, 2));
  const pool = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], dilations: [1, 1], ceil_mode: 0 };
  nodes.push(namedNode('MaxPool', [x], 'pool', pool));
  x = 'pool';
  let width = 64;
  for (const [inner, blocks, first] of [
    [64, 3, 1],
    [128, 4, 2],
    [256, 6, 2],
    [512, 3, 2],
  ] as const) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? first : 1;
      const a = relu(convolution(x, width, inner, 1, 1));
      const b = relu(convolution(a, inner, inner, 3, stride));
      const c = convolution(b, inner, 4 * inner, 1, 1);
      const short = block === 0 ? convolution(x, width, 4 * inner, 1, stride) : x;
      nodes.push(namedNode('Add', [c, short], `${c}.sum`));
      x = relu(`${c}.sum`);
      width = 4 * inner;
    }
  }
  nodes.push(
    namedNode('GlobalAveragePool', [x], 'mean'),
    namedNode('Flatten', ['mean'], 'flat', { axis: 1 }),
  );
  const dense = ['flat', zeros('fc.w', [1000, width]), zeros('fc.b', [1000])];
  nodes.push(namedNode('Gemm', dense, 'logits', { transB: 1, alpha: 1, beta: 1 }));
  const inputs = [{ name: 'input', shape: [-1, 3, EXTENT, EXTENT] }];
  return initialise({ name: 'resnet50', inputs, outputs: ['logits'], nodes, constants }, seededRandom(1));
}

/** Smooth, as pictures are. */
function picture(seed: number): Float32Array {
  const random = seededRandom(seed);
  const data = new Float32Array(3 * EXTENT * EXTENT);
  for (let c = 0; c < 3; c++) {
    const [a, b, phase] = [random() * 20, random() * 20, random() * 6];
    for (let i = 0; i < EXTENT * EXTENT; i++)
      data[c * EXTENT * EXTENT + i] = Math.sin(
        phase + (a * Math.floor(i / EXTENT) + b * (i % EXTENT)) / EXTENT,
      );
  }
  return data;
}

async function* batches(size: number): AsyncIterable<FloatTensor> {
  for (let from = 0; from < IMAGES; from += size) {
    const n = Math.min(size, IMAGES - from);
    const data = new Float32Array(n * 3 * EXTENT * EXTENT);
    for (let i = 0; i < n; i++) data.set(picture(from + i), i * 3 * EXTENT * EXTENT);
    yield floatTensor([n, 3, EXTENT, EXTENT], data);
  }
}

const base = resnet50();
const map = channelMap(base);
const structure = prunableGroups(map).map(({ id, width }) => ({
  group: id,
  kept: Array.from({ length: width / 2 }, (_, unit) => 2 * unit),
}));
const { network: cut } = cutNetwork(base, map, structure);
const engine = await openEngine('onnxruntime', { threads: availableParallelism() });
let largest = 0;
const watch = setInterval(() => {
  largest = Math.max(largest, process.memoryUsage().rss);
}, 50);
const began = performance.now();
let told = 0;
const { layers, left } = await repair({
  ...{ base, map, structure, cut, engine, seed: 0, images: { count: IMAGES, batches } },
  onProgress(done, total) {
    if (done / total < told) return;
    console.log(`${Math.round((done / total) * 100)} %, ${Math.round((performance.now() - began) / 1000)} s`);
    told += 0.1;
  },
});
const seconds = (performance.now() - began) / 1000;
clearInterval(watch);
console.log(machineName(engine));
console.log(
  `${(networkCost(base).macs / 1e9).toFixed(2)} to ${(networkCost(cut).macs / 1e9).toFixed(2)} G MACs; ${IMAGES} images of ${EXTENT} pixels; ${layers.length} layers repaired, ${left.length} left: ${seconds.toFixed(0)} s, at most ${(largest / 2 ** 30).toFixed(2)} GiB resident`,
);
await engine.dispose();
