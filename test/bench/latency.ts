import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { processorName } from '@espalier/latency';
import { equalTime } from './latency/equal-time.ts';
import { half } from './latency/half.ts';
import { row } from './latency/measured.ts';
import { met } from './latency/met.ts';
import { prediction } from './latency/prediction.ts';
import { type Subject, subjects } from './latency/subjects.ts';
import { root } from './subject.ts';

// Milliseconds: how well they are foretold, whether targets of time are met, and how fast networks without half of their
// MACs are: `npm run bench:latency [-- --only TEXT] [--threads N] [--render]`. Each row is written down as soon as it is there;
// stopped at any moment, the same command goes on. `--only prediction` makes the rows of that table.

interface Section {
  readonly title: string;
  readonly text: string;
  readonly columns: readonly string[];
  readonly rowsOf: (subject: Subject, threads: number) => Promise<string[]>;
}

const CHECK = 'The check is by how much the unpruned network differs from itself in the same turns.';
const predicted =
  (batch: number): Section['rowsOf'] =>
  (subject, threads) =>
    prediction(subject, batch, threads);
const kept =
  (batch: number): Section['rowsOf'] =>
  (subject, threads) =>
    met(subject, batch, threads);
/** Of the networks that were trained, or of those of random weights. */
const ofTrained =
  (rowsOf: Section['rowsOf']): Section['rowsOf'] =>
  async (subject, threads) =>
    subject.dataset ? rowsOf(subject, threads) : [];
const ofUntrained =
  (rowsOf: Section['rowsOf']): Section['rowsOf'] =>
  async (subject, threads) =>
    subject.dataset ? [] : rowsOf(subject, threads);

const SECTIONS: Readonly<Record<string, Section>> = {
  prediction: {
    title: 'How well a profile foretells',
    text: `\`espalier profile\` with its defaults: the error is that of ten structures that the profile was not made from. ${CHECK}`,
    columns: ['network', 'images a run', 'unpruned', 'smallest', 'median error', 'worst error', 'check'],
    rowsOf: predicted(1),
  },
  'prediction-32': {
    title: 'The same with 32 images a run',
    text: 'The networks at 32 pixels.',
    columns: ['network', 'images a run', 'unpruned', 'smallest', 'median error', 'worst error', 'check'],
    rowsOf: ofTrained(predicted(32)),
  },
  half: {
    title: 'Half of the MACs, in milliseconds',
    text: `Half of the MACs removed, every limit as it is by default (widths in multiples of 8, of 4 in groups below 32 units), and the pruned network timed beside the unpruned one, in turns. Ratios have their 95 % intervals. In one run of MobileNetV2 at one image on the processor with AVX-512, which computes 16 channels at a time: 1.38x (1.36–1.39) by these widths, 1.54x (1.52–1.56) by those that a profile of the device keeps, and 1.56x (1.54–1.57) in multiples of 16. ${CHECK}`,
    columns: ['network', 'images a run', 'unpruned', 'pruned', 'as fast', 'interval', 'check'],
    rowsOf: half,
  },
  met: {
    title: 'Half of the time removed',
    text: '`--target latency=0.5` with the profile of this machine. Off: what is left, against the half that was asked for. Searched again: since what was measured missed the target by more than 5 %.',
    columns: [
      ...['network', 'images a run', 'predicted', 'measured', 'unpruned', 'removed', 'off'],
      ...['searched again', 'check'],
    ],
    rowsOf: kept(1),
  },
  'met-32': {
    title: 'The same with 32 images a run',
    text: 'The networks at 32 pixels.',
    columns: [
      ...['network', 'images a run', 'predicted', 'measured', 'unpruned', 'removed', 'off'],
      ...['searched again', 'check'],
    ],
    rowsOf: ofTrained(kept(32)),
  },
  equal: {
    title: 'By time or by MACs',
    text: 'Structures found by a target of time (32 images a run) and of MACs, all timed in one run, the slowest first. Top-1 is that of the search split after the repair.',
    columns: ['network', 'strategy, target', 'measured', 'as fast', 'interval', 'top-1', 'check'],
    rowsOf: ofTrained(equalTime),
  },
  'equal-fidelity': {
    title: 'By time or by MACs, without labels',
    text: 'The same at 224 pixels, an image a run, by `cie` and fidelity: 64 pictures without labels to search by, 64 to repair by. The error is that of the outputs on the search split after the repair, as a ratio of their size: lower is better.',
    columns: ['network', 'strategy, target', 'measured', 'as fast', 'interval', 'error', 'check'],
    rowsOf: ofUntrained(equalTime),
  },
};

const RESULTS = path.join(root, 'docs/results/latency.json');
const PAGE = path.join(root, 'docs/results/latency.md');

/** Rows by section, machine and subject: those of two machines are two tables. */
type Stored = Record<string, Record<string, Record<string, string[]>>>;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    threads: { type: 'string', default: '2' },
    render: { type: 'boolean', default: false },
  },
});
const MACHINE = `${processorName()}, ${availableParallelism()} cores, ${values.threads} threads, ONNX Runtime`;

if (!values.render) await measureAll();
await writeFile(PAGE, page(await stored()));

async function measureAll(): Promise<void> {
  for (const [id, { rowsOf }] of Object.entries(SECTIONS)) {
    for (const subject of await subjects()) {
      const name = `${id} ${subject.name}`;
      const isWanted = values.only.length === 0 || values.only.some((text) => name.startsWith(text));
      if (!isWanted || (await stored())[id]?.[MACHINE]?.[subject.name]) continue;
      console.error(`== ${name}`);
      try {
        const rows = await rowsOf(subject, Number(values.threads));
        console.log(rows.join('\n'));
        await keep(id, subject.name, rows);
      } catch (error) {
        console.error(`${name}: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      }
    }
  }
}

async function stored(): Promise<Stored> {
  const text = await readFile(RESULTS, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Stored;
}

async function keep(id: string, subject: string, rows: readonly string[]): Promise<void> {
  const all = await stored();
  const own = { ...all[id]?.[MACHINE], [subject]: [...rows] };
  all[id] = { ...all[id], [MACHINE]: own };
  await writeFile(RESULTS, `${JSON.stringify(all, null, 1)}\n`);
  await writeFile(PAGE, page(all));
}

function page(all: Stored): string {
  const sections = Object.entries(SECTIONS).flatMap(([id, { title, text, columns }]) => {
    const tables = Object.entries(all[id] ?? {}).flatMap(([machine, bySubject]) => {
      const lines = Object.values(bySubject).flat();
      const rule = columns.map((_, i) => (i === 0 ? ' --- |' : ' ---: |')).join('');
      return [`${machine}:`, '', row(columns), `|${rule}`, ...lines, ''];
    });
    return tables.length > 0 ? [`## ${title}`, '', text, '', ...tables] : [];
  });
  return [
    '# Milliseconds',
    '',
    `\`npm run bench:latency\` makes these tables, a row at a time, and goes on where it was stopped. ResNet-20 and the VGG are those of CIFAR-10, cut by \`cie\` (our reconstruction) where nothing else is said and repaired by 2,000 training images; the two at 224 pixels have random weights and are cut by \`uniform\`, as only their shapes count. Where a network differed from itself by more than 2 % the machine was too busy to tell.`,
    '',
    ...sections,
  ].join('\n');
}
