import { setTimeout } from 'node:timers/promises';
import { isOver } from '@espalier/runs';
import type { PrismaClient, Run, RunState } from '@espalier/store';
import cliProgress from 'cli-progress';
import Table from 'cli-table3';
import { type Example, STRATEGIES, TARGET } from './example.ts';

const INTERVAL_MS = 400;
/** Where nobody watches a bar, a line tells that the work goes on. */
const QUIET_INTERVAL_MS = 10_000;

const WORDS: Readonly<Record<RunState, string>> = {
  queued: 'waits',
  sampling: 'sampling',
  searching: 'searching a structure',
  cutting: 'cutting',
  recalibrating: 'recalibrating',
  repairing: 'repairing',
  finetuning: 'fine-tuning',
  quantising: 'quantising',
  evaluating: 'testing',
  measuring: 'timing',
  exporting: 'writing',
  finished: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Shows an experiment's runs as they go on, until all are over or the signal says stop. */
export async function watch(
  prisma: PrismaClient,
  { experimentId }: Example,
  stream: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<void> {
  const bar = new Bar(stream);
  try {
    for (;;) {
      const runs = await prisma.run.findMany({ where: { experimentId }, orderBy: { id: 'asc' } });
      if (runs.every(({ state }) => isOver(state)) || signal.aborted) return;
      const sampled = await prisma.samplingShard.aggregate({
        where: { samplingRun: { runs: { some: { experimentId } }, state: { not: 'done' } } },
        _sum: { done: true, total: true },
        _count: true,
      });
      const { done, total } = sampled._sum;
      // Shares that nobody took yet say nothing of their size: as much as the others.
      const known = await prisma.samplingShard.count({
        where: {
          samplingRun: { runs: { some: { experimentId } }, state: { not: 'done' } },
          total: { gt: 0 },
        },
      });
      const whole = known > 0 ? Math.round(((total ?? 0) / known) * sampled._count) : 0;
      bar.show(runs, { label: 'sampling', done: done ?? 0, total: whole });
      await setTimeout(INTERVAL_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    bar.end();
  }
}

interface Counted {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** Sampling as a bar with rate and time left, the other stages as lines. */
class Bar {
  private readonly stream: NodeJS.WriteStream;
  private readonly seen = new Map<string, RunState>();
  private bar: cliProgress.SingleBar | undefined;
  private lastLine = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  show(runs: readonly Run[], sampling: Counted): void {
    for (const run of runs) {
      if (this.seen.get(run.id) === run.state) continue;
      this.seen.set(run.id, run.state);
      if (run.state !== 'queued' && run.state !== 'sampling')
        this.line(`  ${nameOf(run)}: ${WORDS[run.state]}`);
    }
    const working = sampling.total > 0 ? sampling : atWork(runs);
    if (working) this.progress(working);
    else this.end();
  }

  end(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private progress({ label, done, total }: Counted): void {
    if (!this.stream.isTTY) {
      if (Date.now() - this.lastLine < QUIET_INTERVAL_MS) return;
      this.lastLine = Date.now();
      this.stream.write(`  ${label}: ${Math.floor((100 * done) / total)} %\n`);
      return;
    }
    if (!this.bar) {
      this.bar = new cliProgress.SingleBar({
        format: '  {label} {bar} {percentage} %  {eta_formatted} left',
        stream: this.stream,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 24,
        etaBuffer: 30,
        clearOnComplete: true,
        gracefulExit: false,
      });
      this.bar.start(total, done, { label });
    }
    this.bar.setTotal(total);
    this.bar.update(done, { label });
  }

  private line(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }
}

/** The stage that a run is at, where it counts something. */
function atWork(runs: readonly Run[]): Counted | null {
  const run = runs.find(({ state, total }) => state === 'finetuning' && total > 0);
  return run
    ? { label: `${nameOf(run)}: fine-tuning`, done: Number(run.done), total: Number(run.total) }
    : null;
}

function nameOf({ allocation, criterion }: Pick<Run, 'allocation' | 'criterion'>): string {
  const found = STRATEGIES.find((one) => one.allocation === allocation && one.criterion === criterion);
  return found?.name ?? `${allocation} ${criterion}`;
}

/** The experiment's results as a table, the unpruned network on top. */
export async function resultTable(prisma: PrismaClient, { experimentId }: Example): Promise<string> {
  const experiment = await prisma.experiment.findUniqueOrThrow({
    where: { id: experimentId },
    include: {
      model: { include: { evaluations: true } },
      runs: { include: { result: true }, orderBy: { id: 'asc' } },
    },
  });
  const { model, runs } = experiment;
  const table = new Table({
    head: ['', 'top-1', 'as cut', 'params', 'MACs', 'MACs saved', 'latency'],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    chars: NO_LINES,
  });
  const base = model.evaluations.find(({ split }) => split === 'test');
  const latency = runs.find(({ result }) => result)?.result?.baseLatencyMs ?? null;
  table.push([
    'base',
    percent(base?.top1 ?? null),
    '',
    million(model.params),
    million(model.macs),
    '',
    milliseconds(latency),
  ]);
  for (const run of runs) {
    const { result } = run;
    if (!result) table.push([nameOf(run), WORDS[run.state], '', '', '', '', run.error ?? '']);
    else {
      table.push([
        nameOf(run),
        percent(result.top1),
        percent(result.prunedTop1),
        million(result.params),
        million(result.macs),
        percent(result.savedMacs),
        milliseconds(result.latencyMs),
      ]);
    }
  }
  const asked = `${Math.round(TARGET.share * 100)} % of the MACs to remove; top-1 on the test split, after a taste of fine-tuning (${(experiment.recipe as { steps: number }).steps} steps); CIE is our reconstruction of the method`;
  return `${table.toString()}\n${asked}`;
}

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(2)} %`;
}

function milliseconds(ms: number | null): string {
  return ms === null ? '–' : `${ms.toFixed(2)} ms`;
}

function million(count: bigint): string {
  return `${(Number(count) / 1e6).toPrecision(4)} M`;
}
