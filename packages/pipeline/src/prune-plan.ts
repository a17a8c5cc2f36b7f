import {
  adoptCheckpoint,
  type Engine,
  measure,
  measureThroughput,
  metricFor,
  recipeHash,
  removeCheckpoint,
  speedup,
  THROUGHPUT_BATCH,
  type Training,
} from '@espalier/engines';
import type { DeviceProfile } from '@espalier/latency';
import { type Network, networkHash, withoutDenormals } from '@espalier/network';
import {
  type Analysis,
  type AnalysisOptions,
  analyse,
  findCriterion,
  type SamplingRun,
  type Target,
} from '@espalier/pruning';
import { analyseOn, type Bench, fitTeacher, onBench, qualityOf, type Standing, standing } from './bench.ts';
import { checkImages, checkPlan } from './check.ts';
import { type Cut, cutByPlan, recoverySummary } from './cut.ts';
import { LatencyWatch, openProfile, reachOf } from './latency.ts';
import { counting, type Observer } from './observer.ts';
import { type PrunePlan, samplingOf } from './plan.ts';
import { readModel } from './read-model.ts';
import type { RepairStore } from './repair.ts';
import { type PruneResult, type Timing, trainingSummary } from './result.ts';
import { sayFewer } from './sampling.ts';
import { StageClock } from './stages.ts';
import { checkpointFolder, recalibrateOn, trainOn } from './training.ts';
import { withWidthsOf } from './widths.ts';
import { provenance, type Workplace } from './workplace.ts';
import { notWorth, tooShort } from './worth.ts';
import { provenanceInFile, writeLike } from './write.ts';

/** What is there already when a plan begins, and where its network goes. */
export interface Given {
  /** A sampling to use. */
  readonly sweep?: SamplingRun | undefined;
  /** Where an earlier attempt was with a training, maybe on another machine. */
  readonly checkpoint?: string | null;
  /** Repairs that earlier attempts made, and where those of this one are kept; left out: each is made again. */
  readonly repairs?: RepairStore | undefined;
  /** An ONNX file for the pruned network; left out: it is not written. */
  readonly out?: string | undefined;
}

export interface Outcome {
  readonly result: PruneResult;
  readonly network: Network;
}

/**
 * From a plan to a pruned network: sampling, search, cut, recalibration, fine-tuning, test, timing, file. Everything
 * that can fail without computing fails first.
 *
 * @throws {InputError} for what is wrong with the plan or its files, with the field; the signal's reason when aborted
 */
export async function prunePlan(
  plan: PrunePlan,
  place: Workplace,
  observer: Observer = {},
  given: Given = {},
): Promise<Outcome> {
  checkImages(plan, { data: plan.data !== null, sweep: given.sweep !== undefined });
  const { model, data } = plan;
  const network = await readModel(model, observer, data && { data, place });
  const profile = await openProfile(plan, network);
  const early = await analyseWeights(network, { ...rankingOf(plan, given), profile });
  // What is to be opened only then is checked again when it is open.
  const known = { network, data: data === null ? null : undefined, sweep: given.sweep };
  const before = early && checkPlan(plan, { ...known, analysis: early });
  if (early && before && data === null) {
    return new Pruning(putDown(plan, early), place, observer, given).run({
      network,
      bench: null,
      analysis: early,
      profile,
      target: before,
    });
  }
  if (data === null) throw new Error('a criterion that goes by images has some: see checkImages');
  return onBench(
    network,
    data,
    place,
    observer,
    (bench) => pruneOn(bench, plan, place, observer, given, early),
    plan.sampling.metric,
  );
}

/** The same where network, images and engine are open already. */
export async function pruneOn(
  bench: Bench,
  plan: PrunePlan,
  place: Workplace,
  observer: Observer = {},
  given: Given = {},
  early?: Analysis,
): Promise<Outcome> {
  const { network, dataset: data } = bench;
  const profile = await openProfile(plan, network);
  const analysis = early ?? (await analyseOn(bench, { ...rankingOf(plan, given), profile }, place, observer));
  const target = checkPlan(plan, { network, analysis, data, sweep: given.sweep });
  if (samplingOf(plan) !== 'none' && !given.sweep) sayFewer(plan.sampling, data, observer);
  return new Pruning(putDown(plan, analysis), place, observer, given).run({
    network,
    bench,
    analysis,
    profile,
    target,
  });
}

/** With its widths put down: see {@link withWidthsOf}. */
function putDown(plan: PrunePlan, analysis: Analysis): PrunePlan {
  return { ...plan, limits: withWidthsOf(plan.limits, analysis) };
}

/** What can be said before any image is looked at; undefined for a criterion that uses images. */
export async function analyseWeights(
  network: Network,
  options: AnalysisOptions,
): Promise<Analysis | undefined> {
  if (findCriterion(options.criterion).evidence && !options.order) return undefined;
  return analyse(network, options);
}

/** Units that were drawn or ranked for a sampling that others share are the ones that it says something of. */
function rankingOf(plan: PrunePlan, { sweep }: Given): AnalysisOptions {
  const { criterion, seed, sampling } = plan;
  const isShared = samplingOf(plan) === 'shared';
  return {
    criterion,
    seed: isShared ? (sweep?.seed ?? sampling.seed) : seed,
    allowInexact: sampling.allowInexact,
    order: isShared ? sweep?.order : undefined,
  };
}

interface Ready {
  /** As given, with its preprocessing. */
  readonly network: Network;
  readonly bench: Bench | null;
  readonly analysis: Analysis;
  readonly profile: DeviceProfile | undefined;
  readonly target: Target;
}

/** One plan at work. */
class Pruning {
  private readonly plan: PrunePlan;
  private readonly place: Workplace;
  private readonly observer: Observer;
  private readonly given: Given;
  private readonly clock: StageClock;
  /** Of networks that were tested. */
  private readonly standingsOf = new Map<Network, Standing>();

  constructor(plan: PrunePlan, place: Workplace, observer: Observer, given: Given) {
    this.plan = plan;
    this.place = place;
    this.observer = observer;
    this.given = given;
    this.clock = new StageClock((stage) => {
      place.signal?.throwIfAborted();
      observer.stage?.(stage);
    });
  }

  async run({ network, bench, analysis, profile, target }: Ready): Promise<Outcome> {
    const { plan, place, observer, given, clock } = this;
    // A damaged one is none.
    if (given.checkpoint) await adoptCheckpoint(given.checkpoint, checkpointFolder(place)).catch(() => {});
    const teacher = await this.teacher(network, bench);
    const { sweep, repairs } = given;
    const watch = profile ? await LatencyWatch.open(profile, plan, network, place, observer) : null;
    if (target.metric === 'latency') observer.reach?.(reachOf(plan, { network, analysis, target }));
    const cut = await cutByPlan({
      plan,
      target,
      network,
      analysis,
      watch,
      profile,
      bench,
      sweep,
      repairs,
      teacher,
      place,
      observer,
      clock,
    });
    const repaired = cut.repaired?.network ?? cut.pruned.network;
    if (bench) await this.beforeTraining(bench, cut);
    const recalibrated = bench ? await this.recalibrated({ ...bench, network: repaired }) : repaired;
    const isRepaired = cut.repaired !== null;
    const training = bench
      ? await this.finetuned({ ...bench, network: recalibrated }, teacher, isRepaired)
      : null;
    const after = training?.network ?? recalibrated;
    const standings = await this.standings(bench, {
      base: network,
      cut: cut.pruned.network,
      repaired,
      last: after,
    });
    if (training && standings.repaired) {
      const [what, where] = ['the repaired network', 'the same without fine-tuning'];
      this.warn(notWorth({ before: standings.repaired, after: standings.after }, { what, where }));
    }
    const timing = bench && plan.timed ? await this.timed(bench.engine, [after, network]) : null;
    const written = withoutDenormals(after);
    if (given.out !== undefined) clock.enter('exporting');
    const strategy = { allocation: plan.allocation, criterion: analysis.criterion };
    const by = provenance({
      ...{ network, dataset: bench?.dataset, engine: bench?.engine },
      ...{ seed: plan.seed, profile },
    });
    const how = provenanceInFile(by, {
      pruned: { ...strategy, target, rounds: plan.rounds },
      recovered: plan.recovery && { recipe: recipeHash(plan.recovery) },
      repaired: cut.repaired && { images: cut.repaired.summary.images },
      recalibrated: plan.recalibrate && { images: plan.recalibrate },
      finetuned: training &&
        plan.recipe && { epochs: training.epochs.length, recipe: recipeHash(plan.recipe) },
    });
    const file =
      given.out === undefined ? null : await writeLike(plan.model, given.out, written, observer, how);
    await this.forget(cut, training);
    const { search, structure, cuts } = cut.pruned;
    const result: PruneResult = {
      requested: target,
      achieved: search.achieved,
      ...standings,
      strategy,
      limits: plan.limits,
      structure,
      search: { steps: search.trace.length, trace: search.trace },
      cuts,
      repair: cut.repaired?.summary ?? null,
      batchNorm: this.batchNorm(training !== null, cut.recoveries.length > 0),
      finetuning: training && plan.recipe ? trainingSummary(plan.recipe, training) : null,
      rounds: cut.rounds,
      recovery: recoverySummary(plan, cut.recoveries),
      sampling: cut.sampling,
      latency: watch?.report(cut.pruned.network, search, analysis.cost.base.latency ?? Number.NaN) ?? null,
      timing,
      networkHash: networkHash(written),
      file,
      seconds: clock.seconds(),
      provenance: by,
    };
    return { result, network: written };
  }

  private async teacher(network: Network, bench: Bench | null): Promise<Network> {
    const { teacher } = this.plan;
    if (teacher === null || !bench) return network;
    const { input, set, output } = this.plan.model;
    const read = await readModel({ file: teacher, input, set, output }, this.observer);
    return fitTeacher(read, bench, this.observer);
  }

  private async recalibrated(bench: Bench): Promise<Network> {
    const { recalibrate: images, seed } = this.plan;
    if (images === null) return bench.network;
    this.clock.enter('recalibrating');
    return recalibrateOn(bench, { images, seed }, this.place, this.observer);
  }

  private async finetuned(bench: Bench, teacher: Network, isRepaired: boolean): Promise<Training | null> {
    const { recipe, seed } = this.plan;
    if (recipe === null) return null;
    this.clock.enter('finetuning');
    this.warn(isRepaired ? tooShort(recipe, bench.dataset.splits.train.n) : null);
    const phase = { what: 'fine-tuning', recipe, round: null, seed, teacher };
    return trainOn(bench, phase, this.place, this.observer);
  }

  private warn(text: string | null): void {
    if (text !== null) this.observer.warning?.(text);
  }

  /** A training takes hours; what it begins with is known before it, unless it goes on from an earlier attempt. */
  private async beforeTraining(bench: Bench, { pruned, repaired }: Cut): Promise<void> {
    const { plan, given, observer } = this;
    if (!repaired || plan.recipe === null || !plan.tests.cut || given.checkpoint) return;
    this.clock.enter('evaluating');
    const base = await this.tested(bench, bench.network, plan.tests.base ? 'the base' : null);
    const cut = await this.tested(bench, pruned.network, 'the cut');
    const mended = await this.tested(bench, repaired.network, 'the repaired');
    observer.repaired?.({ base: qualityOf(base), pruned: cut, repaired: mended });
  }

  /** Each network once. */
  private async tested(bench: Bench | null, network: Network, what: string | null): Promise<Standing> {
    const known = this.standingsOf.get(network);
    if (known && what !== null) return known;
    const { metric, weights } = this.plan.sampling;
    const judging = bench
      ? { base: bench.network, metric: metricFor(metric, bench.network, bench.dataset), weights }
      : undefined;
    const found = await standing(bench, network, what, this.place, this.observer, judging);
    if (what !== null) this.standingsOf.set(network, found);
    return found;
  }

  private async standings(
    bench: Bench | null,
    { base, cut, repaired, last }: Readonly<Record<'base' | 'cut' | 'repaired' | 'last', Network>>,
  ): Promise<Pick<PruneResult, 'before' | 'pruned' | 'repaired' | 'after'>> {
    const { tests } = this.plan;
    if (bench) this.clock.enter('evaluating');
    const tested = (network: Network, what: string | null) => this.tested(bench, network, what);
    const before = await tested(base, tests.base ? 'the base' : null);
    // Where nothing follows the cut, what is written is what was cut.
    const pruned = await tested(cut, tests.cut || last === cut ? 'the cut' : null);
    if (last === cut) return { before, pruned, repaired: null, after: pruned };
    const mended =
      repaired === cut
        ? null
        : await tested(repaired, tests.cut || last === repaired ? 'the repaired' : null);
    const after = mended && last === repaired ? mended : await tested(last, 'the result');
    return { before, pruned, repaired: mended, after };
  }

  private async timed(engine: Engine, networks: readonly [Network, Network]): Promise<Timing> {
    this.clock.enter('measuring');
    const { signal } = this.place;
    const onProgress = counting(this.observer, 'measuring', 'runs');
    const subjects = networks.map((network) => ({ network, engine }));
    const single = await measure(subjects, { signal, onProgress });
    const batches = await measureThroughput(engine, networks, single, signal);
    const [one, oneOfBase] = single;
    const [many, manyOfBase] = batches;
    if (!one || !oneOfBase || !many || !manyOfBase) throw new Error('two networks were not measured');
    return {
      ...{ latencyMs: one.latencyMs.p50, baseLatencyMs: oneOfBase.latencyMs.p50 },
      ...{ throughput: many.imagesPerSecond, baseThroughput: manyOfBase.imagesPerSecond },
      throughputBatch: THROUGHPUT_BATCH,
      speedup: { latency: speedup(one, oneOfBase), throughput: speedup(many, manyOfBase) },
    };
  }

  /** The result is safe: a later run of the same plan trains by itself, and tells its epochs. */
  private async forget({ recoveries }: Cut, training: Training | null): Promise<void> {
    for (const { checkpoint } of [
      ...recoveries.map((each) => each.training),
      ...(training ? [training] : []),
    ]) {
      if (checkpoint !== undefined) await removeCheckpoint(checkpoint);
    }
  }

  private batchNorm(trained: boolean, recovered: boolean): PruneResult['batchNorm'] {
    const { recalibrate: images } = this.plan;
    if (trained) return 'trained';
    if (images !== null) return { recalibrated: { split: 'train', images } };
    return recovered ? 'trained' : 'as-given';
  }
}
