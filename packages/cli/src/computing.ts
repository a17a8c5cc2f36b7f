import type { Dataset } from '@espalier/datasets';
import { type EpochReport, findMetric, type QualityMetric, TOP1 } from '@espalier/engines';
import { COST_FACTS } from '@espalier/network';
import {
  type Observer,
  openData as openPlanData,
  type Stage,
  type TrainingPhase,
  valueBy,
  type Workplace,
} from '@espalier/pipeline';
import type { Round } from '@espalier/pruning';
import type { ComputeOptions, DataOptions, SweepOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { onStderr } from './render/colour.ts';
import { count, duration, loss, metricValue, milliseconds, percent, plural } from './render/units.ts';
import { espalierHome } from './stages/home.ts';
import type { Context } from './terminal.ts';

export const SAFE_TO_STOP = 'stopped; samples are kept, and the same command continues from there';
const TRAINING_STOP_NOTE =
  'stopped; the same command continues from the last checkpoint, at most --checkpoint-every steps back';

const STOP_NOTES: Readonly<Partial<Record<Stage, string>>> = {
  sampling: SAFE_TO_STOP,
  finetuning: TRAINING_STOP_NOTE,
};

/** Where a command computes: this machine, with what its flags say. */
export function workplaceOf(
  options: ComputeOptions &
    Partial<Pick<SweepOptions, 'naive' | 'fresh' | 'processes' | 'memory'>> & {
      readonly checkpointEvery?: number;
    },
  { signal }: Pick<Context, 'signal'>,
): Workplace {
  const { engine, threads, naive, fresh, processes, memory, checkpointEvery = 200 } = options;
  const tuning = { ...(processes ? { processes } : {}), ...(memory ? { memory } : {}) };
  return { home: espalierHome(), engine, threads, tuning, naive, fresh, checkpointEvery, signal };
}

/** The images that `--dataset` names. */
export function dataOf({ dataset: spec, valAs }: DataOptions) {
  return { spec, name: null, hashOfContent: false, valAs };
}

/** Opens a data set; the first time that decodes it, with progress. */
export async function openData(
  data: DataOptions,
  { terminal, signal }: Context,
  observer = terminalObserver({ terminal }),
): Promise<Dataset> {
  const dataset = await openPlanData(dataOf(data), { home: espalierHome(), signal }, observer);
  terminal.endProgress();
  return dataset;
}

/** What a pruning tells, as lines and bars on a terminal. */
export function terminalObserver({ terminal }: Pick<Context, 'terminal'>): Observer {
  let bar: { readonly what: string; readonly line: Progress; done: number } | undefined;
  const trainingLine = (text: string) => {
    terminal.say(text);
    // The next epoch has a separate rate.
    bar = undefined;
  };
  return {
    stage(stage) {
      terminal.stopNote = STOP_NOTES[stage] ?? terminal.stopNote;
      terminal.endProgress();
      bar = undefined;
    },
    progress({ what, unit, done, total }) {
      if (bar?.what !== what || done < bar.done) {
        bar = { what, line: terminal.progress(what, unit), done };
      }
      bar.done = done;
      bar.line.update(done, total);
    },
    reach: ({ baseMs, leastMs }) =>
      terminal.say(
        `predicted latency of the network: ${milliseconds(baseMs)}; the lowest that can be reached is ${milliseconds(leastMs)}, which saves ${percent(1 - leastMs / baseMs)}`,
      ),
    warning: (text) => terminal.warn(text),
    repaired({ pruned, repaired }) {
      const shown = pruned.top1 === null ? shownMetric(pruned) : TOP1;
      const value = (one: typeof pruned) => metricValue(shown, valueBy(shown.name, one), one.n ?? undefined);
      terminal.say(`${shown.label} on the test split: ${value(pruned)} as cut, ${value(repaired)} repaired`);
    },
    round: (round, of) => terminal.say(roundLine(round, of)),
    epoch: (epoch, training) => trainingLine(epochLine(epoch, training)),
    resumed: (step, steps, _epochs, { what }) =>
      trainingLine(`${what}: continues from a checkpoint, step ${count(step)} of ${count(steps)}`),
  };
}

/** By what a line on the way tells of a network: by the first of what was found together; of embeddings that is the cosine. */
function shownMetric({ values = {} }: Pick<Round['after'], 'values'>): QualityMetric {
  const [first = 'top1'] = Object.keys(values);
  const embeds = values.agreement === null && typeof values.cosine === 'number';
  return findMetric(embeds ? 'cosine' : first);
}

function roundLine({ round, target: { metric }, achieved, before, after }: Round, rounds: number): string {
  const name = COST_FACTS[metric].title;
  const shown = shownMetric(after);
  const value = (one: Round['after']) => metricValue(shown, valueBy(shown.name, one), one.n);
  return `round ${round} of ${rounds}: ${percent(achieved[metric] ?? null)} of the ${name} saved, ${shown.label} ${value(before)} before and ${value(after)} after the cut on ${plural(after.n, 'search image')}`;
}

function epochLine(report: EpochReport, { what, recipe }: TrainingPhase): string {
  const of = recipe.steps === undefined ? ` of ${recipe.epochs}` : '';
  const score = report.top1 === null ? '' : `, ${percent(report.top1)} on the search split`;
  return `${what}: epoch ${report.epoch}${of}, loss ${loss(report.loss)}${score}, ${onStderr.dim(
    `${duration(report.seconds)}, ${count(report.imagesPerSecond)} images/s`,
  )}`;
}
