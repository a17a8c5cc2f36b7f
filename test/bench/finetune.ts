import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RECIPES, type RecipeName, recipeNames } from '@espalier/engines';
import { processorName } from '@espalier/latency';
import { espalierJson } from './command.ts';

// Fine-tuning of pruned networks, each run written down as soon as it ends: stopped at any moment, the same
// command goes on. As many runs at a time as there are cores, a thread each: a quarter more images per second than
// one run with all threads. `npm run bench:finetune [-- --only TEXT] [--at-once N] [--render]`. `--only quick` makes
// the runs of that recipe.

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const RESULTS = at('../../docs/results/finetune.json');
const PAGE = at('../../docs/results/finetune.md');
const WORK = at('../../.espalier/finetune');
const DATASET = 'cifar10';
const MODELS = {
  resnet20: at('../../models/resnet20-cifar10.onnx'),
  // Trained elsewhere, not shipped: see the README of the shared models for where it belongs.
  'vgg16-half': at('../../../shared/models/vgg16-half-cifar10.onnx'),
};

interface Run {
  readonly subject: 'resnet20' | 'vgg16-half';
  /** What is fine-tuned: the network as it is, a pruned one, or a pruned one's structure from random weights. */
  readonly structure: 'base' | 'cie' | 'greedy' | 'uniform' | 'scratch';
  /** macs=0.5, params=0.9, throughput=1.7x (at 32 images per run); of a base none. */
  readonly target: string | null;
  readonly seed: number;
  /** Of the recipe, whose other fields are those of {@link EARLIER} where it has no name. */
  readonly epochs: number;
  /** One by its name: what it trains was repaired before, and it learns from the unpruned network. */
  readonly recipe?: RecipeName;
  /** The same recipe without learning from anything. */
  readonly alone?: true;
}

interface Result extends Run {
  /** The unpruned network on the test split. */
  readonly base: Standing;
  /** As it was cut, where it was repaired then. */
  readonly cut?: Standing;
  /** Before training: as cut, or as repaired. */
  readonly before: Standing | null;
  readonly after: Standing;
  /** How many times as fast as the unpruned network, where the target is one of time. */
  readonly speedup?: { readonly ratio: number; readonly low: number; readonly high: number };
  readonly curve: readonly { epoch: number; loss: number; top1: number | null; seconds: number }[];
  readonly recipeHash: string;
  readonly seconds: number;
  /** Left out by the first ones. */
  readonly machine?: string;
  /** Not written down by the benchmark: put together from the trained file and the log, or from a report of `finetune`. */
  readonly recovered?: 'log' | 'report';
}

interface Standing {
  readonly params: number;
  readonly macs: number;
  readonly top1: number;
  readonly loss: number;
}

const seeds = [0, 1, 2];
const of = (
  subject: Run['subject'],
  structure: Run['structure'],
  target: string | null,
  some = seeds,
  epochs = 10,
): Run[] => some.map((seed) => ({ subject, structure, target, seed, epochs }));

const byName = (
  subject: Run['subject'],
  structure: Run['structure'],
  target: string | null,
  recipe: RecipeName,
  some = seeds,
): Run[] =>
  of(subject, structure, target, some, RECIPES[recipe].recipe.epochs).map((run) => ({ ...run, recipe }));

/** What recipes without a name were before there were names, and repairs. */
const EARLIER = { learningRate: 0.05, warmup: 0.05, schedule: { kind: 'cosine' }, labelSmoothing: 0 };

/** The most telling first: a run of ten epochs takes about twenty minutes on one core. */
const RUNS: readonly Run[] = [
  ...byName('resnet20', 'cie', 'macs=0.5', 'quick', [0]),
  ...byName('resnet20', 'cie', 'macs=0.5', 'standard', [0]),
  ...byName('resnet20', 'cie', 'macs=0.5', 'quick', [0]).map((run) => ({ ...run, alone: true as const })),
  ...byName('resnet20', 'base', null, 'standard', [0]),
  ...byName('resnet20', 'cie', 'macs=0.5', 'standard', [1, 2]),
  ...byName('vgg16-half', 'cie', 'params=0.9', 'long', [0]),
  ...byName('resnet20', 'cie', 'macs=0.5', 'quick', [1, 2]),
  ...byName('resnet20', 'base', null, 'quick', [0]),
  ...byName('vgg16-half', 'cie', 'params=0.9633', 'long', [0]),
  ...byName('resnet20', 'cie', 'throughput=1.7x', 'standard', [0]),
  ...byName('resnet20', 'greedy', 'throughput=1.7x', 'standard', [0]),
  ...byName('vgg16-half', 'cie', 'throughput=2.46x', 'standard', [0]),
  ...byName('vgg16-half', 'cie', 'throughput=2.46x', 'long', [0]),
  ...byName('vgg16-half', 'cie', 'params=0.9', 'long', [1, 2]),
  ...of('resnet20', 'cie', 'macs=0.5', [0]),
  ...of('vgg16-half', 'cie', 'params=0.9', [0]),
  ...of('resnet20', 'cie', 'macs=0.5', [1]),
  ...of('vgg16-half', 'cie', 'params=0.9', [0], 20),
  ...of('resnet20', 'cie', 'macs=0.5', [2]),
  ...of('resnet20', 'base', null, [0]),
  ...of('resnet20', 'uniform', 'macs=0.5', [0]),
  ...of('resnet20', 'scratch', 'macs=0.5', [0]),
  ...of('vgg16-half', 'cie', 'params=0.8', [0], 20),
  ...of('vgg16-half', 'cie', 'params=0.95', [0], 20),
  ...of('vgg16-half', 'cie', 'params=0.8', [0]),
  ...of('vgg16-half', 'cie', 'params=0.95', [0]),
  ...of('vgg16-half', 'cie', 'params=0.9', [1, 2], 20),
  ...of('resnet20', 'uniform', 'macs=0.5', [1, 2]),
  ...of('resnet20', 'scratch', 'macs=0.5', [1, 2]),
  ...of('resnet20', 'base', null, [1, 2]),
];

const MACHINE = `${processorName()}, ${availableParallelism()} cores`;
const FIRST_MACHINE = 'AMD EPYC, 2 cores';

const NAMES = {
  base: 'the network itself',
  cie: 'cie',
  greedy: 'greedy',
  uniform: 'uniform',
  scratch: 'from scratch',
} as const;

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: String(availableParallelism()) },
    threads: { type: 'string' },
    prepare: { type: 'boolean', default: false },
    render: { type: 'boolean', default: false },
  },
});
const atOnce = Math.max(1, Number(flags['at-once']));
const threads = Number(flags.threads ?? Math.max(1, Math.floor(availableParallelism() / atOnce)));

/** What is being written down. */
let kept: Promise<void> = Promise.resolve();

if (!flags.render) await runAll();
await writeFile(PAGE, page(await stored()));

async function runAll(): Promise<void> {
  await mkdir(WORK, { recursive: true });
  const measured = new Set((await stored()).map(title));
  const missing = RUNS.filter((run) => title(run).includes(flags.only) && !measured.has(title(run)));
  const next = missing.values();
  await Promise.all(Array.from({ length: atOnce }, () => runInTurn(next)));
}

/** Takes runs from those that are left until there are none. */
async function runInTurn(next: IterableIterator<Run>): Promise<void> {
  for (const run of next) {
    console.error(`== ${title(run)}`);
    if (flags.prepare) await prepared(run, MODELS[run.subject]);
    else await keep(await measure(run));
  }
}

/** One after the other, or two runs that end together would forget one another. */
function keep(result: Result): Promise<void> {
  kept = kept.then(async () => {
    const results = [...(await stored()), result];
    await writeFile(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
    await writeFile(PAGE, page(results));
  });
  return kept;
}

function title(run: Run): string {
  const structure = [run.structure, ...(run.target === null ? [] : [run.target])].join(' ');
  return `${run.subject} ${structure} seed ${run.seed}, ${howLong(run)}`;
}

/** "10 epochs", "quick", "quick without a teacher" */
function howLong({ recipe, alone, epochs }: Pick<Run, 'recipe' | 'alone' | 'epochs'>): string {
  if (recipe === undefined) return `${epochs} epochs`;
  return alone ? `${recipe} without a teacher` : recipe;
}

async function stored(): Promise<Result[]> {
  const text = await readFile(RESULTS, 'utf8').catch(() => '[]');
  return JSON.parse(text) as Result[];
}

async function measure(run: Run): Promise<Result> {
  const model = MODELS[run.subject];
  const { base, cut, speedup, file } = await prepared(run, model);
  const out = path.join(WORK, `${title(run).replaceAll(/[ ,]+/g, '-')}.onnx`);
  const command = run.structure === 'scratch' ? ['train', '--like', file] : ['finetune', file];
  const recipe = ['--recipe', run.recipe ?? (await earlierRecipe(run))];
  if (run.recipe && !run.alone) recipe.push('--distill', model);
  const options = ['--dataset', DATASET, '--seed', String(run.seed), '--out', out];
  const report = await espalier([...command, ...options, ...recipe]);
  return {
    ...run,
    base,
    ...(cut ? { cut } : {}),
    before: report.before,
    after: report.after,
    ...(speedup ? { speedup } : {}),
    curve: report.epochs,
    recipeHash: report.recipeHash,
    seconds: report.seconds.train,
    machine: MACHINE,
  };
}

/** From random weights with exactly the recipe of the fine-tuning, so that only the start differs. */
async function earlierRecipe({ epochs }: Run): Promise<string> {
  const file = path.join(WORK, `recipe-${epochs}.json`);
  await writeFile(file, JSON.stringify({ epochs, ...EARLIER }));
  return file;
}

type Prepared = Pick<Result, 'base' | 'cut' | 'speedup'> & { readonly file: string };

/** What is to be trained, made once: structures by time are those of the machine that made them. */
async function prepared(run: Run, model: string): Promise<Prepared> {
  const { structure, target } = run;
  if (target === null) {
    const { params, macs } = await espalier(['inspect', model]);
    const { top1, loss } = await espalier(['evaluate', model, '--dataset', DATASET]);
    return { base: { params, macs, top1, loss }, file: model };
  }
  const allocation = structure === 'scratch' ? 'cie' : structure;
  const repair = run.recipe ? 2000 : 0;
  const file = path.join(WORK, `${run.subject}-${allocation}-${target}-${repair}.onnx`);
  // Beside it `.onnx.json` would be its preprocessing.
  const kept = file.replace(/\.onnx$/, '.json');
  const known = await readFile(kept, 'utf8').catch(() => null);
  if (known !== null) return { ...JSON.parse(known), file };
  const goal = await goalOf(run, model, target);
  const options = ['--dataset', DATASET, '--allocation', allocation, '--repair', String(repair)];
  const result = await espalier(['prune', model, ...options, ...goal, '--out', file]);
  const measured = result.latency?.measured;
  const found = {
    base: result.before,
    ...(repair ? { cut: result.pruned } : {}),
    ...(measured ? { speedup: measured.speedup } : {}),
  };
  await writeFile(kept, JSON.stringify(found));
  return { ...found, file };
}

/** A throughput is that of 32 images per run with two threads, on this machine. */
async function goalOf({ subject }: Run, model: string, target: string): Promise<string[]> {
  if (!target.startsWith('throughput')) return ['--target', target, '--align', '1'];
  const times = Number.parseFloat(target.split('=')[1] ?? '');
  const profile = path.join(WORK, `${subject}.profile.json`);
  if (!(await readFile(profile).catch(() => null))) {
    await espalierJson(['profile', model, '--out', profile, '--batch', '32', '--threads', '2']);
  }
  return ['--target', `latency=${(1 - 1 / times).toFixed(4)}`, '--profile', profile];
}

/** With as many threads as are left for a run. */
function espalier(args: readonly string[]) {
  return espalierJson(args[0] === 'inspect' ? args : [...args, '--threads', String(threads)]);
}

function page(results: readonly Result[]): string {
  return [
    '# Accuracy after pruning and fine-tuning',
    '',
    '`npm run bench:finetune` makes these figures, a run at a time, and goes on where it was stopped. CIE is our reconstruction (see the [method](../guide/method.md)). CIFAR-10: trained on 45,000 images, pruned by samples of the search split (5,000 held out of the training data), and tested on the 10,000 test images once before and once after; the last epoch counts, not the best. A recipe by [name](../guide/training.md#recipes) trains what was repaired by 2,000 training images, and learns from the unpruned network, too (`--only quick` makes its runs). Those that are told by their epochs are of before there was a repair: they train the cut network at a rate of 0.05, without a teacher. All: SGD with Nesterov momentum 0.9, weight decay 0.0005, batches of 128, a rate that falls along a cosine, random crops and flips.',
    '',
    `Made on ${machinesOf(results)}, ONNX Runtime. A change is against the network as given; "from scratch" is the structure that CIE found, trained from random weights with the same recipe. Minutes are what a run took beside others, and sometimes beside other work. "As fast" is how many times as fast a run of 32 images is as measured beside the unpruned network with two threads, where the target is one of time. A search by time that measures something else than was predicted searches again: of three searches of ResNet-20 at 1.7x two did so in a busy moment, and came to 11.3 M MACs; the third one, of 13.4 M MACs, is what was trained, and is 1.72 to 1.74 times as fast whenever it was measured since.`,
    '',
    ...recoveredNote(results),
    ...missingNote(results),
    ...[...new Set(results.map((result) => result.subject))].flatMap((subject) => {
      const own = inOrder(results.filter((result) => result.subject === subject));
      return [
        `## ${subject}`,
        '',
        ...overSeeds(own),
        '',
        'Run by run:',
        '',
        ...summary(own),
        '',
        'Top-1 on the search split after each epoch:',
        '',
        ...curves(own),
        '',
      ];
    }),
  ].join('\n');
}

/** All machines, the first one with the runs that do not say theirs. */
function machinesOf(results: readonly Result[]): string {
  const others = [...new Set(results.map(({ machine }) => machine ?? FIRST_MACHINE))].filter(
    (machine) => machine !== FIRST_MACHINE,
  );
  const named = others.map((machine) => {
    const runs = results.filter((result) => result.machine === machine).map(title);
    return `${machine} (${runs.join('; ')})`;
  });
  return [FIRST_MACHINE, ...named].join(', and ');
}

/** Runs that the benchmark did not write down itself, and how they came to stand here. */
function recoveredNote(results: readonly Result[]): string[] {
  const named = (told: Result['recovered']) =>
    results.filter(({ recovered }) => recovered === told).map((result) => title(result));
  const [logged, reported] = [named('log'), named('report')];
  return [
    ...(logged.length === 0
      ? []
      : [
          `Not written down by the benchmark, which ended before it could, but put together from the trained files (tested again by \`espalier evaluate\`) and from the log of their training, rounded as it prints: ${logged.join('; ')}.`,
          '',
        ]),
    ...(reported.length === 0
      ? []
      : [
          `Trained by \`espalier finetune\` with the recipe of that name, one thread, beside much other work, and written down from its report: ${reported.join('; ')}.`,
          '',
        ]),
  ];
}

/** What recipes by name are to be measured by, and are not yet. */
function missingNote(results: readonly Result[]): string[] {
  const measured = new Set(results.map(title));
  const names = RUNS.filter((run) => run.recipe && !measured.has(title(run))).map(title);
  if (names.length === 0) return [];
  return [
    `Recipes by name are not measured on all of their runs yet (the same command makes them, the most telling first): ${names.join('; ')}.`,
    '',
  ];
}

/** By how much was removed, then by what is fine-tuned and for how long. */
function inOrder(results: readonly Result[]): Result[] {
  const structures = Object.keys(NAMES);
  const removed = ({ target }: Result) => Number.parseFloat(target?.split('=')[1] ?? '0');
  const place = (result: Result) => [
    removed(result),
    structures.indexOf(result.structure),
    result.recipe ? recipeNames.indexOf(result.recipe) : recipeNames.length,
    result.alone ? 1 : 0,
    result.epochs,
    result.seed,
  ];
  return results.toSorted((a, b) => {
    const [one, other] = [place(a), place(b)];
    const at = one.findIndex((value, i) => value !== other[i]);
    return (one[at] ?? 0) - (other[at] ?? 0);
  });
}

/** What is the same but for the seed, one row each. */
function overSeeds(results: readonly Result[]): string[] {
  const alike = new Map<string, Result[]>();
  for (const result of results) {
    const key = [result.target, result.structure, howLong(result)].join();
    alike.set(key, [...(alike.get(key) ?? []), result]);
  }
  const rows = [...alike.values()].flatMap((members) => {
    const [first] = members;
    if (!first) return [];
    const changes = members.map(({ base, after }) => after.top1 - base.top1);
    const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length;
    return [
      row([
        ...[first.target ?? 'nothing removed', NAMES[first.structure], howLong(first), members.length],
        ...[points(mean), changes.length > 1 ? points(Math.min(...changes)) : '–'],
      ]),
    ];
  });
  const titles = ['target', 'structure', 'recipe', 'seeds', 'change, mean', 'of the worst seed'];
  return [row(titles), row(titles.map((_, i) => (i < 2 ? '---' : '---:'))), ...rows];
}

function summary(results: readonly Result[]): string[] {
  const rows = results.map((result) => {
    const { structure, target, seed, base, cut, before, after, speedup } = result;
    return row([
      target ?? 'nothing removed',
      NAMES[structure],
      seed,
      howLong(result),
      `${(base.params / after.params).toFixed(2)}x`,
      `${(base.macs / after.macs).toFixed(2)}x`,
      percent(base.top1),
      ...[cut ?? before, cut ? before : null].map((one) => (one ? percent(one.top1) : '–')),
      percent(after.top1),
      points(after.top1 - base.top1),
      speedup ? `${speedup.ratio.toFixed(2)}x` : '–',
    ]);
  });
  const titles = [
    'target',
    'structure',
    'seed',
    'recipe',
    'params',
    'MACs',
    'base',
    'as cut',
    'repaired',
    'fine-tuned',
    'change',
    'as fast',
  ];
  return [row(titles), row(titles.map((_, i) => (i < 2 ? '---' : '---:'))), ...rows];
}

function curves(results: readonly Result[]): string[] {
  const most = Math.max(...results.map(({ curve }) => curve.length));
  const titles = ['run', ...Array.from({ length: most }, (_, i) => String(i + 1)), 'minutes'];
  const rows = results.map((result) =>
    row([
      `${[NAMES[result.structure], result.target].filter(Boolean).join(' ')}, seed ${result.seed}, ${howLong(result)}`,
      ...Array.from({ length: most }, (_, i) => {
        const top1 = result.curve[i]?.top1;
        return top1 == null ? '–' : percent(top1);
      }),
      (result.seconds / 60).toFixed(1),
    ]),
  );
  return [row(titles), row(titles.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows];
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** "+0.22 pt" */
function points(change: number): string {
  const text = (change * 100).toFixed(2).replace('-', '−');
  return `${change > 0 ? '+' : ''}${text} pt`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
