/**
 * `npm run bench:sweep [-- SECTION ...]`: what a planned sweep gains over the naive one. Prints Markdown;
 * docs/results/sweep.md holds what it printed. Sections: machine, naive, eager, adaptive, ideas,
 * growth, memory.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine } from '@espalier/engines';
import { readNetwork } from '@espalier/formats';
import { type Network, networkCost } from '@espalier/network';
import {
  planOf,
  prune,
  type SamplingRun,
  type SweepTuning,
  sampleAdaptively,
  sampleEach,
} from '@espalier/pruning';
import { architectures } from '../generate/architectures.ts';
import { type EagerSweep, eagerSweep } from './eager.ts';
import { machineName, peakGflops, residentTree } from './machine.ts';
import { type Bench, median, root, type Subject, subject, withBench } from './subject.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '2' },
    alternations: { type: 'string', default: '3' },
    samples: { type: 'string', default: '1000' },
    python: { type: 'string', default: 'python3' },
  },
});
const threads = Number(options.threads);
const alternations = Number(options.alternations);
const samples = Number(options.samples);

const models = ['models/resnet20-cifar10.onnx', '../shared/models/vgg16-half-cifar10.onnx'];

const sections: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  machine,
  naive,
  eager,
  adaptive,
  ideas,
  growth,
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
  if (files.length < models.length)
    say(`${models.length - files.length} network(s) left out: not on this machine`);
  return Promise.all(files.map(async (file) => (await readNetwork(file)).network));
}

async function seconds(
  { request }: Subject,
  how: { naive?: boolean; tuning?: SweepTuning } = {},
): Promise<number> {
  return (await sampleEach({ ...request, ...how })).seconds;
}

async function machine({ engine }: Bench): Promise<void> {
  const one = await openEngine('onnxruntime', { threads: 1 });
  say(`Machine: ${machineName(engine)}.`);
  say(
    `Matrix product: ${(await peakGflops(engine)).toFixed(0)} GFLOP/s, one thread ${(await peakGflops(one)).toFixed(0)}.\n`,
  );
  await one.dispose();
}

/** Naive against planned, in turns. */
async function naive(bench: Bench): Promise<void> {
  const peak = await peakGflops(bench.engine);
  const rows: Row[] = [];
  for (const network of await trained()) {
    const it = subject(bench, network, { samples });
    const plan = planOf(it.request);
    const share = plan.macs / plan.naiveMacs;
    const cells = plan.naiveMacs / networkCost(network).macs;
    const times = { naive: [] as number[], planned: [] as number[] };
    for (let turn = 0; turn < alternations; turn++) {
      times.naive.push(await seconds(it, { naive: true }));
      times.planned.push(await seconds(it));
    }
    const [slow, fast] = [median(times.naive), median(times.planned)];
    const gflops = (macs: number, s: number) => (2 * macs * samples) / s / 1e9;
    rows.push({
      network: network.name,
      cells: `${cells}`,
      naive: `${slow.toFixed(1)} s`,
      planned: `${fast.toFixed(1)} s`,
      'planned / naive MACs': share.toFixed(3),
      bound: `${(slow * share).toFixed(1)} s`,
      'of the bound': percent((slow * share) / fast),
      'image cells/s': ((cells * samples) / fast).toFixed(0),
      'GFLOP/s naive': gflops(plan.naiveMacs, slow).toFixed(0),
      'GFLOP/s planned': `${gflops(plan.macs, fast).toFixed(0)} (${percent(gflops(plan.macs, fast) / peak)} of the product's)`,
    });
  }
  say(`Naive against planned, ${samples} images, 9 ratios, median of ${alternations} alternations:\n`);
  table(rows);
}

/** Against an eager framework, at the batch size that suits it best. */
async function eager(bench: Bench): Promise<void> {
  const rows: Row[] = [];
  for (const network of await trained()) {
    const it = subject(bench, network, { samples });
    const few = subject(bench, network, { samples: 250, grid: '0.5' });
    const { python } = options;
    const trials = [25, 50, 125, 250].map((batch) => ({ batch, few: 0 }));
    for (const trial of trials) {
      trial.few = (await eagerSweep(bench, few, { python, batch: trial.batch, threads })).seconds;
    }
    const { batch = 25 } = trials.sort((a, b) => a.few - b.few)[0] ?? {};
    const times = { eager: [] as number[], planned: [] as number[] };
    let last: EagerSweep | undefined;
    for (let turn = 0; turn < alternations; turn++) {
      times.planned.push(await seconds(it));
      last = await eagerSweep(bench, it, { python, batch, threads });
      times.eager.push(last.seconds);
    }
    const [slow, fast] = [median(times.eager), median(times.planned)];
    rows.push({
      network: network.name,
      [`eager PyTorch ${last?.torch}`]: `${slow.toFixed(1)} s (batch ${batch})`,
      planned: `${fast.toFixed(1)} s`,
      'times as fast': (slow / fast).toFixed(1),
    });
  }
  say(
    `Against eager PyTorch, ${samples} images, 9 ratios, ${threads} threads, median of ${alternations} alternations:\n`,
  );
  table(rows);
}

/** Adaptive against planned in turns: seconds, and how far the structures are apart. */
async function adaptive(bench: Bench): Promise<void> {
  const rows: Row[] = [];
  const targets = [0.3, 0.5, 0.7].map((share) => ({ metric: 'macs', share }) as const);
  for (const network of await trained()) {
    const it = subject(bench, network, { samples });
    const full = await sampleEach(it.request);
    for (const decided of [targets, ...targets.map((target) => [target])]) {
      const some = await sampleAdaptively(it.request, decided);
      const [whole] = full.runs;
      rows.push({
        network: network.name,
        'decides, MACs saved': decided.map(({ share }) => percent(share)).join(', '),
        full: `${full.seconds.toFixed(1)} s`,
        adaptive: `${some.seconds.toFixed(1)} s`,
        'times as fast': (full.seconds / some.seconds).toFixed(2),
        measured: percent(some.measured),
        'units off, at most': decided
          .map((target) => (whole ? unitsApart(it, target, whole, some.run) : Number.NaN))
          .join(', '),
      });
    }
  }
  say(`Adaptive against full, ${samples} images, 9 ratios, allocation cie:\n`);
  table(rows);
}

/** Largest difference of a group's width between the structures that two sweeps lead to. */
function unitsApart(
  { request }: Subject,
  target: { readonly metric: 'macs'; readonly share: number },
  a: SamplingRun,
  b: SamplingRun,
): number {
  const [criterion] = request.criteria;
  if (!criterion) return Number.NaN;
  const widths = (sweep: SamplingRun) =>
    prune({
      ...request,
      ...criterion,
      criterion: sweep.criterion,
      allocation: 'cie',
      target,
      limits: { align: 1 },
      sweep,
    }).search.widths;
  const [one, other] = [widths(a), widths(b)];
  return Math.max(...one.map((width, g) => Math.abs(width - (other[g] ?? 0))));
}

/** What each idea brings, one by one, in one process. */
async function ideas(bench: Bench): Promise<void> {
  const some = Math.ceil(samples / 5);
  const rows: Row[] = [];
  for (const network of await trained()) {
    const it = subject(bench, network, { samples: some });
    const full = planOf(it.request);
    const slow = await seconds(it, { naive: true });
    const row = (idea: string, s: number, macs: number) =>
      rows.push({
        network: network.name,
        idea,
        'MACs of naive': percent(macs / full.naiveMacs),
        seconds: s.toFixed(1),
        'naive / this': (slow / s).toFixed(2),
      });
    row('naive', slow, full.naiveMacs);
    const steps: [string, SweepTuning][] = [
      ['prefix reuse, variants stacked behind masks', { processes: 1, ways: ['stacked-masks'] }],
      ['+ running sums', { processes: 1, ways: ['stacked-masks', 'running-sums'] }],
      ['+ narrow networks', { processes: 1 }],
      ['+ a process for each core', {}],
    ];
    for (const [idea, tuning] of steps) {
      const plan = planOf({ ...it.request, tuning });
      row(idea, await seconds(it, { tuning }), plan.macs);
    }
  }
  say(`What each idea brings, ${some} images, 9 ratios:\n`);
  table(rows);
}

/** Time against predicted MACs: layers, ratios, images. */
async function growth(bench: Bench): Promise<void> {
  const some = Math.ceil(samples / 5);
  const rows: Row[] = [];
  let first: number | undefined;
  const measured = async (what: string, it: Subject) => {
    const { macs } = planOf(it.request);
    const s = await seconds(it);
    const perMac = (s / (macs * it.request.samples)) * 1e12;
    first ??= perMac;
    rows.push({
      sweep: what,
      'predicted MACs': `${((macs * it.request.samples) / 1e12).toFixed(2)} T`,
      seconds: s.toFixed(1),
      'ms a GMAC': perMac.toFixed(2),
      'against the first': percent(perMac / first),
    });
  };
  for (const depth of [20, 32, 56, 110]) {
    const network = architectures[`resnet${depth}-cifar`]?.();
    if (network)
      await measured(`ResNet-${depth}, 9 ratios, ${some} images`, subject(bench, network, { samples: some }));
  }
  const [resnet] = await trained();
  if (!resnet) return;
  const grids = { 5: '0.15:0.75:0.15', 9: '0.1:0.9:0.1', 19: '0.05:0.95:0.05' };
  for (const [ratios, grid] of Object.entries(grids)) {
    await measured(
      `${resnet.name}, ${ratios} ratios, ${some} images`,
      subject(bench, resnet, { samples: some, grid }),
    );
  }
  for (const images of [500, 2000]) {
    await measured(`${resnet.name}, 9 ratios, ${images} images`, subject(bench, resnet, { samples: images }));
  }
  say('Time against predicted MACs:\n');
  table(rows);
}

/** Peak memory of the whole command, all of its processes. */
async function memory({ home }: Bench): Promise<void> {
  const rows: Row[] = [];
  for (const images of [500, 5000]) {
    const args = ['sweep', 'models/resnet20-cifar10.onnx', '--dataset', 'cifar10', '--fresh', '--json'];
    const child = spawn(
      process.execPath,
      ['packages/cli/bin/espalier.mjs', ...args, '--samples', `${images}`],
      {
        cwd: root,
        env: { ...process.env, ESPALIER_HOME: home },
        stdio: 'ignore',
      },
    );
    let peak = 0;
    const poll = setInterval(() => {
      peak = Math.max(peak, residentTree(child.pid ?? 0));
    }, 50);
    await new Promise((resolve) => child.once('exit', resolve));
    clearInterval(poll);
    rows.push({ images: `${images}`, 'peak memory of all processes': `${(peak / 2 ** 20).toFixed(0)} MiB` });
  }
  say(`Peak memory of \`espalier sweep\`:\n`);
  table(rows);
}

type Row = Readonly<Record<string, string>>;

function table(rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]) => say(`| ${cells.join(' | ')} |`);
  line(columns);
  line(columns.map((_, i) => (i === 0 ? '---' : '---:')));
  for (const row of rows) line(columns.map((column) => row[column] ?? ''));
  say('');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function say(line: string): void {
  console.log(line);
}
