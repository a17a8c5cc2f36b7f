/**
 * `npm run bench:train [-- SECTION ...]`: how fast a training step is, and where its time goes. Prints
 * Markdown; docs/results/train.md holds what it printed. Sections: machine, throughput, operations, memory.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Engine, parameterLayout, parseRecipe, type TrainingBatch } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { floatTensor, type Network, networkCost } from '@espalier/network';
import { profileStep } from '../../packages/engines/test/profile.ts';
import { writeEagerNetwork } from './eager-graph.ts';
import { machineName, peakGflops, residentTree } from './machine.ts';
import { type Bench, median, root, withBench } from './subject.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '2' },
    batch: { type: 'string', default: '128' },
    steps: { type: 'string', default: '12' },
    alternations: { type: 'string', default: '5' },
    python: { type: 'string', default: 'python3' },
  },
});
const [threads, batch, steps, alternations] = [
  options.threads,
  options.batch,
  options.steps,
  options.alternations,
].map(Number) as [number, number, number, number];
const { optimiser } = parseRecipe({});
const CLASSES = 10;

const models = ['models/resnet20-cifar10.onnx', '../shared/models/vgg16-half-cifar10.onnx'];
const sections: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  machine,
  throughput,
  operations,
  memory,
};
const unknown = positionals.find((name) => !sections[name]);
if (unknown)
  throw new Error(`there is no section "${unknown}"; known are ${Object.keys(sections).join(', ')}`);
await withBench(threads, async (bench) => {
  for (const name of positionals.length > 0 ? positionals : Object.keys(sections))
    await sections[name]?.(bench);
});
process.exit(0);

async function trained(): Promise<Network[]> {
  const files = models.map((file) => path.join(root, file)).filter((file) => existsSync(file));
  return Promise.all(files.map(async (file) => (await readNetwork(file)).network));
}

async function machine({ engine }: Bench): Promise<void> {
  console.log(
    `${machineName(engine)}. Matrix products peak at ${(await peakGflops(engine)).toFixed(0)} GFLOP/s.\n`,
  );
}

async function throughput(bench: Bench): Promise<void> {
  console.log(
    `| network | Espalier, images/s | eager PyTorch, images/s | eager PyTorch, channels last | Espalier / eager | GFLOP/s |`,
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const network of await trained()) {
    const ours: number[] = [];
    const theirs: number[] = [];
    const channelsLast: number[] = [];
    for (let i = 0; i < alternations; i++) {
      ours.push(await imagesPerSecond(bench.engine, network));
      theirs.push(await eager(bench, network, 'nchw'));
      channelsLast.push(await eager(bench, network, 'nhwc'));
    }
    const [own, other, last] = [median(ours), median(theirs), median(channelsLast)];
    // Forward, and twice as much for both gradients.
    const gflops = (own * networkCost(network).macs * 2 * 3) / 1e9;
    const ratio = Number.isNaN(other) ? '–' : `${(own / other).toFixed(2)}x`;
    const cells = [own, other, last].map((value) => (Number.isNaN(value) ? '–' : value.toFixed(0)));
    console.log(`| ${[network.name, ...cells, ratio, gflops.toFixed(0)].join(' | ')} |`);
  }
  console.log(
    `\nBatch ${batch}, ${threads} threads, a step of SGD with Nesterov momentum and weight decay on random images; each figure is the median of ${alternations} alternations, each of them the median of ${steps} steps.\n`,
  );
}

async function imagesPerSecond(engine: Engine, network: Network): Promise<number> {
  const trainer = await engine.train(network, { batch, optimiser });
  const images = randomBatch(network);
  const seconds: number[] = [];
  for (let i = 0; i < steps + 3; i++) {
    const started = performance.now();
    await trainer.step(images);
    if (i >= 3) seconds.push((performance.now() - started) / 1000);
  }
  await trainer.dispose();
  return batch / median(seconds);
}

function randomBatch(network: Network): TrainingBatch {
  const dims = [batch, ...(network.inputs[0]?.shape.slice(1) ?? [])];
  const length = dims.reduce((a, b) => a * b, 1);
  const targets = new Float32Array(batch * CLASSES);
  for (let i = 0; i < batch; i++) targets[i * CLASSES + (i % CLASSES)] = 1;
  return {
    input: floatTensor(
      dims,
      Float32Array.from({ length }, () => Math.random() * 2 - 1),
    ),
    targets: floatTensor([batch, CLASSES], targets),
    learningRate: 0.01,
  };
}

/** NaN if there is no PyTorch. */
async function eager({ folder }: Bench, network: Network, form: 'nchw' | 'nhwc'): Promise<number> {
  const own = path.join(folder, `train-${network.name}`);
  await writeEagerNetwork(own, network, {
    parameters: parameterLayout(network).parameters.map(({ name }) => name),
    image: network.inputs[0]?.shape.slice(1),
    classes: CLASSES,
  });
  const script = path.join(root, 'test/bench/eager_train.py');
  const args = [script, own, `${batch}`, `${threads}`, `${steps}`, form];
  const { status, stdout, stderr } = spawnSync(options.python, args, { encoding: 'utf8' });
  if (status !== 0) {
    console.error(`no eager run: ${stderr?.trim().split('\n').at(-1)}`);
    return Number.NaN;
  }
  return batch / median(JSON.parse(stdout).seconds);
}

async function operations(): Promise<void> {
  for (const network of await trained()) {
    const times = await profileStep(network, { batch, optimiser }, { threads });
    const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    console.log(`${network.name}, one step of ${batch} images: ${total.toFixed(0)} ms\n`);
    console.log('| operation | nodes | ms | share |\n| --- | ---: | ---: | ---: |');
    for (const { op, nodes, milliseconds } of times.slice(0, 12)) {
      const share = `${((milliseconds / total) * 100).toFixed(1)} %`;
      console.log(`| ${op} | ${nodes} | ${milliseconds.toFixed(1)} | ${share} |`);
    }
    console.log('');
  }
}

/** Memory after 50 and after 1,000 steps of a small batch. */
async function memory({ engine }: Bench): Promise<void> {
  const [network] = await trained();
  if (!network) return;
  const small = 32;
  const trainer = await engine.train(network, { batch: small, optimiser });
  const whole = randomBatch(network);
  const image = whole.input.data.length / batch;
  const images: TrainingBatch = {
    input: floatTensor([small, ...whole.input.dims.slice(1)], whole.input.data.slice(0, small * image)),
    targets: floatTensor([small, CLASSES], whole.targets.data.slice(0, small * CLASSES)),
    learningRate: 0.001,
  };
  console.log(`| step of ${small} images, ${network.name} | resident memory |\n| ---: | ---: |`);
  for (let step = 1; step <= 1000; step++) {
    await trainer.step(images);
    if ([50, 100, 250, 500, 1000].includes(step)) {
      console.log(`| ${step} | ${(residentTree(process.pid) / 2 ** 20).toFixed(0)} MiB |`);
    }
  }
  console.log('');
  await trainer.dispose();
}
