import { availableParallelism } from 'node:os';
import { seededRandom } from '@espalier/datasets';
import { openEngine } from '@espalier/engines';
import {
  buildArchitecture,
  channelMap,
  cutNetwork,
  type FloatTensor,
  floatTensor,
  networkCost,
  prunableGroups,
} from '@espalier/network';
import { repair } from '@espalier/pruning';
import { machineName } from './machine.ts';

// Seconds and memory of a repair of ResNet-50's shapes (He et al., 2016, table 1) with half of each group gone, random
// weights and images: `npm run bench:repair-large [-- IMAGES]`.

const EXTENT = 224;
const IMAGES = Number(process.argv[2] ?? 256);

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

const input = { channels: 3, height: EXTENT, width: EXTENT };
const base = buildArchitecture('resnet50', { classes: 1000, input, random: seededRandom(1) });
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
