import { InputError } from '@espalier/errors';
import { channelMap, cutNetwork, type KeptUnits, type Network } from '@espalier/network';
import { approach } from '../allocation/approach.ts';
import { checkReachable, findAllocation } from '../allocation/index.ts';
import {
  type AllocationProblem,
  type SearchStep,
  type Structure,
  savedShares,
  usefulLadders,
  type WidthLimits,
  widthLadder,
} from '../allocation/problem.ts';
import { costOf, type Target } from '../allocation/target.ts';
import type { Analysis } from '../analysis.ts';
import { keptOfEach } from '../criteria/index.ts';
import { allocationProblem, type Pruned, prunedGroups } from '../prune.ts';
import type { RepairRequest } from '../repair/repair.ts';
import type { CellValues } from '../sampling/metric.ts';
import type { SamplingRun } from '../sampling/run.ts';
import { Lineage } from './lineage.ts';

export interface RoundsRequest {
  readonly network: Network;
  /** The network's own, by which the first round goes. */
  readonly analysis: Analysis;
  /** Of one round; it must use samples. */
  readonly allocation: string;
  readonly target: Target;
  readonly limits: WidthLimits;
  /** How many, at least 1. */
  readonly rounds: number;
}

/** What the caller does in each round, with the round's own network and analysis. */
export interface RoundWork {
  /** Ranks what a round has left. */
  analyse(network: Network): Promise<Analysis>;
  /** @param target what the round removes, of the cost of its own network */
  sample(network: Network, analysis: Analysis, target: Target): Promise<SamplingRun>;
  /** What the last round has left as measured, of what the target leaves; null if nothing tells: see `approach`. */
  measured?(network: Network): Promise<number | null>;
  /** Repairs what a round has cut, before its score; the last round, too. */
  repair?(cut: CutOut): Promise<Network>;
  /**
   * Quality on the images that are sampled; against the network as given, where it is compared with that. `before`: of
   * the network that a round begins with, where its sampling does not tell it.
   */
  score(network: Network, at: 'before' | 'after'): Promise<RoundQuality>;
  /** Trains the network that a round has cut, before the next round samples it. Not called after the last one. */
  recover?(network: Network, round: number): Promise<Network>;
  onRound?(round: Round): void;
  /** Told what a round is at between the above. */
  onStep?(step: 'searching' | 'cutting'): void;
}

/** What was cut out of which network. */
type CutOut = Pick<RepairRequest, 'base' | 'map' | 'structure' | 'cut'>;

/** On the images that are sampled; null if they have no labels. */
interface RoundQuality {
  readonly top1: number | null;
  readonly top5: number | null;
  readonly loss: number | null;
  readonly n: number;
  /** By metric, of those that do not use one class of each image. */
  readonly values?: CellValues | undefined;
}

export interface Round {
  /** Counted from 1. */
  readonly round: number;
  /** Cumulative target after this round, of the cost of the original network. */
  readonly target: Target;
  /** Saved so far, as shares of that cost. */
  readonly achieved: Structure['achieved'];
  /** Units of every prunable group of the original network, before and after the round. */
  readonly structure: readonly { readonly group: string; readonly before: number; readonly after: number }[];
  /** Of the network that the round began with, on the images that it sampled. */
  readonly before: RoundQuality;
  /** Of the network that it cut, repaired where that is asked for and untrained, on the same images. */
  readonly after: RoundQuality;
}

export interface PrunedInRounds extends Pruned {
  /** Without those that had nothing to remove, since an earlier one had saved more than it had to. */
  readonly rounds: readonly Round[];
  /** That of the first round, and so of the original network. */
  readonly sampling: SamplingRun;
}

/**
 * Samples, removes a part, recovers where that is asked for, and samples what is left, until the target is met. Behind
 * round n of N the remaining cost is (1 - share)^(n / N) of the first: every round is asked for the same share of what
 * it finds. Structure, cuts and achieved shares are against the network that was given, and so are the limits on
 * widths, over all rounds; the network is that of the last cut, before its repair. Our own extension of the
 * reconstruction of CIE.
 *
 * @throws {InputError} for a target out of reach, by the limits or by what a round has sampled
 */
export async function pruneInRounds(request: RoundsRequest, work: RoundWork): Promise<PrunedInRounds> {
  const { network, analysis: base, target, limits, rounds } = request;
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new InputError(`the number of rounds is a whole number from 1, not ${rounds}`, 'rounds');
  checkReachable(allocationProblem({ network, ...base, target, limits }));
  const course = new Course(request);
  for (let round = 1; round <= rounds; round++) {
    const wanted = { metric: target.metric, share: 1 - (1 - target.share) ** (round / rounds) };
    const own = course.ofItsOwn(wanted);
    if (own.share <= 0) continue;
    const analysis = await course.analysis(work);
    const sampling = await work.sample(course.network, analysis, own);
    // A round's sampling compares with the network that it began with, which says nothing of those before.
    const began =
      sampling.baseline.top1 !== null
        ? qualityOf({ ...sampling.baseline, values: undefined })
        : qualityOf(await work.score(course.network, 'before'));
    const { before, after, achieved } = await course.cut(round, own, analysis, sampling, work);
    if (work.repair) course.network = await work.repair(course.cutOut());
    const told: Round = {
      round,
      target: wanted,
      achieved,
      structure: base.rankings.map(({ group: { id } }) => ({
        group: id,
        before: before.get(id)?.length ?? 0,
        after: after.get(id)?.length ?? 0,
      })),
      before: began,
      after: qualityOf(await work.score(course.network, 'after')),
    };
    course.rounds.push(told);
    work.onRound?.(told);
    if (work.recover && round < rounds) course.recovered(await work.recover(course.network, round));
  }
  return course.result();
}

function qualityOf({ top1, top5, loss, n, values }: RoundQuality): RoundQuality {
  return { top1, top5, loss, n, ...(values ? { values } : {}) };
}

/** The units that are left of each group of the original network, by the group's id. */
type Left = ReadonlyMap<string, readonly number[]>;

/** How far the rounds have come. */
class Course {
  readonly rounds: Round[] = [];
  network: Network;
  /** What the last round has cut, as it was then. */
  private last: CutOut | undefined;
  private isTrained = false;
  private readonly request: RoundsRequest;
  private readonly lineage: Lineage;
  private readonly trace: SearchStep[] = [];
  private left: Left;
  private sampling: SamplingRun | undefined;
  /** Cost of the network as it is now. */
  private cost: Structure['cost'];

  constructor(request: RoundsRequest) {
    const { network, analysis } = request;
    this.request = request;
    this.network = network;
    this.cost = analysis.cost.base;
    this.lineage = new Lineage(analysis.map);
    this.left = byGroup(this.lineage.left(analysis.map));
  }

  /** The ranking of the first round is known. */
  analysis({ analyse }: Pick<RoundWork, 'analyse'>): Promise<Analysis> {
    if (this.rounds.length === 0) return Promise.resolve(this.request.analysis);
    return analyse(this.network);
  }

  /** What is to be removed of the network as it is now; 0 or less where nothing is. */
  ofItsOwn({ metric, share }: Target): Target {
    const { base } = this.request.analysis.cost;
    return { metric, share: 1 - ((1 - share) * costOf(base, metric)) / costOf(this.cost, metric) };
  }

  async cut(
    round: number,
    target: Target,
    analysis: Analysis,
    sweep: SamplingRun,
    { onStep, measured }: Pick<RoundWork, 'onStep' | 'measured'>,
  ) {
    const { request, lineage, network } = this;
    this.sampling ??= sweep;
    onStep?.('searching');
    const posed = allocationProblem({ network, ...analysis, target, limits: {}, sweep });
    const names = lineage.names(analysis.map);
    const nameOf = (id: string) => names.get(id) ?? id;
    const ladders = usefulLadders(posed, this.ladders(analysis, nameOf));
    const problem: AllocationProblem = { ...posed, ladders };
    const search = (aim: Target) => {
      const wanted = { ...problem, target: aim };
      const found = inRound(round, request.rounds, () => findAllocation(request.allocation).allocate(wanted));
      const structure = keptOfEach(analysis.rankings, found.widths);
      const made = { found, structure, ...cutNetwork(network, analysis.map, structure) };
      return { made, achieved: found.achieved };
    };
    const isLast = round === request.rounds;
    const made = await approach(
      target,
      search,
      isLast && measured ? (attempt) => measured(attempt.network) : undefined,
    );
    const { found, structure } = made;
    this.trace.push(...found.trace.map((step) => this.againstBase(step, round, problem, nameOf)));

    onStep?.('cutting');
    this.last = { base: network, map: analysis.map, structure, cut: made.network };
    const before = this.left;
    lineage.add(made.cuts);
    this.network = made.network;
    this.cost = found.cost;
    const { allowInexact } = request.analysis;
    this.left = byGroup(lineage.left(channelMap(made.network, { allowInexact })));
    return { before, after: this.left, achieved: this.achieved() };
  }

  /** Against the network that was given, so that errors do not add up; what was trained since is other than that. */
  cutOut(): CutOut {
    const { request, left, last, isTrained } = this;
    if (!last) throw new Error('nothing was cut yet');
    if (isTrained) return last;
    const structure = [...left].map(([group, kept]) => ({ group, kept }));
    return { base: request.network, map: request.analysis.map, structure, cut: last.cut };
  }

  recovered(network: Network): void {
    this.network = network;
    this.isTrained = true;
  }

  result(): PrunedInRounds {
    const { request, left, rounds, sampling, last, cost, trace } = this;
    if (!sampling || !last) throw new Error('no round had anything to remove');
    const { analysis } = request;
    const kept = analysis.rankings.map(({ group: { id } }) => ({ group: id, kept: left.get(id) ?? [] }));
    const structure = prunedGroups(analysis, kept);
    const { cuts } = cutNetwork(request.network, analysis.map, structure);
    const widths = structure.map(({ after }) => after);
    const search = { widths, cost, achieved: this.achieved(), trace };
    return { network: last.cut, structure, cuts, search, rounds, sampling };
  }

  private achieved(): Structure['achieved'] {
    return savedShares(this.request.analysis.cost.base, this.cost);
  }

  private ladders({ rankings }: Analysis, nameOf: (id: string) => string): number[][] {
    const { limits, analysis: base } = this.request;
    const widths = new Map(base.map.groups.map(({ id, width }) => [id, width]));
    return rankings.map(({ group }) => {
      const id = nameOf(group.id);
      return widthLadder(widths.get(id) ?? group.width, id, limits, group.width);
    });
  }

  /** A step of a round's search, as one of the search over all rounds. */
  private againstBase(
    { threshold, saving, widths, kind }: SearchStep,
    round: number,
    { rankings, cost, target: { metric } }: AllocationProblem,
    nameOf: (id: string) => string,
  ): SearchStep {
    const { analysis } = this.request;
    const own = new Map(rankings.map(({ group }, g) => [nameOf(group.id), widths[g]]));
    return {
      threshold,
      saving: 1 - ((1 - saving) * costOf(cost.base, metric)) / costOf(analysis.cost.base, metric),
      widths: analysis.rankings.map(({ group: { id } }) => own.get(id) ?? this.left.get(id)?.length ?? 0),
      kind,
      round,
    };
  }
}

function byGroup(units: readonly KeptUnits[]): Left {
  return new Map(units.map(({ group, kept }) => [group, kept]));
}

function inRound<T>(round: number, rounds: number, search: () => T): T {
  try {
    return search();
  } catch (error) {
    if (!(error instanceof InputError) || round === 1) throw error;
    throw new InputError(
      `in round ${round} of ${rounds}, from the result of the previous round: ${error.message}`,
      error.field,
    );
  }
}
