import { isQuiet, measure, type Speedup, speedup } from '@espalier/engines';
import {
  checkProfile,
  type DeviceProfile,
  type Elsewhere,
  elsewhere,
  identityOf,
  type ProfileIdentity,
  readProfile,
} from '@espalier/latency';
import type { Network } from '@espalier/network';
import {
  type Analysis,
  allocationProblem,
  largestSaving,
  NEAR,
  type Structure,
  type Target,
} from '@espalier/pruning';
import { counting, type Observer } from './observer.ts';
import type { PrunePlan } from './plan.ts';
import { openEngineOf, type Workplace } from './workplace.ts';

/** Of the pruned network and of the one as given, side by side. */
export interface MeasuredLatency {
  readonly ms: number;
  readonly baseMs: number;
  readonly speedup: Speedup;
  /** How many times as fast the network as given was as itself; away from 1 the machine was too busy to tell. */
  readonly check: Speedup;
}

/** What a device profile predicted for a result, and what was then measured. */
export interface LatencyReport {
  readonly profile: ProfileIdentity;
  /** How the profile's machine, engine and threads differ from those that the network was pruned with, in words. */
  readonly differences: readonly string[];
  readonly predicted: { readonly ms: number; readonly baseMs: number };
  /** null if it was not asked for, and on another machine than the profile's. */
  readonly measured: MeasuredLatency | null;
  /** Searches after the first one, since what was measured missed the target by more than 5 %. */
  readonly corrections: number;
}

/**
 * The profile that a plan uses.
 *
 * @throws {InputError} for a file that is none, and for one of another network
 */
export async function openProfile(
  { profile }: Pick<PrunePlan, 'profile'>,
  network: Network,
): Promise<DeviceProfile | undefined> {
  if (profile === null) return undefined;
  const read = await readProfile(profile.file);
  checkProfile(read, network);
  return read;
}

/** What the network takes, and the least that its limits on widths leave. */
export function reachOf(
  { limits }: PrunePlan,
  {
    network,
    analysis,
    target,
  }: { readonly network: Network; readonly analysis: Analysis; readonly target: Target },
): { readonly baseMs: number; readonly leastMs: number } {
  const baseMs = analysis.cost.base.latency ?? Number.NaN;
  const largest = largestSaving(allocationProblem({ network, ...analysis, target, limits }));
  return { baseMs, leastMs: baseMs * (1 - largest) };
}

/** Measures what structures take that were found by a profile, on the profile's own machine. */
export class LatencyWatch {
  private readonly found = new Map<Network, MeasuredLatency>();
  private readonly identity: ProfileIdentity;
  private readonly differences: readonly string[];
  private readonly canTell: boolean;
  private readonly base: Network;
  private readonly place: Workplace;
  private readonly observer: Observer;

  private constructor(
    profile: ProfileIdentity,
    { canTell, differences }: Pick<Elsewhere, 'differences'> & { readonly canTell: boolean },
    base: Network,
    place: Workplace,
    observer: Observer,
  ) {
    this.identity = profile;
    this.canTell = canTell;
    this.differences = differences;
    this.base = base;
    this.place = place;
    this.observer = observer;
  }

  /** Says whose the profile is where that is not this machine with these threads. */
  static async open(
    profile: DeviceProfile,
    { corrected }: Pick<PrunePlan, 'corrected'>,
    base: Network,
    place: Workplace,
    observer: Observer,
  ): Promise<LatencyWatch> {
    const identity = identityOf(profile);
    const engine = await openEngineOf(place);
    try {
      const where = elsewhere(identity, engine);
      if (where.differences.length > 0) {
        const rest = where.isOther ? ': latency is predicted only, not measured' : '';
        observer.warning?.(
          `the profile is for "${identity.device}", made ${where.differences.join(', ')}${rest}`,
        );
      }
      const canTell = corrected && !where.isOther;
      return new LatencyWatch(identity, { ...where, canTell }, base, place, observer);
    } finally {
      await engine.dispose();
    }
  }

  /** What is left as measured, of what the target leaves: see `approach`; undefined where that cannot be told. */
  judge(target: Target): ((network: Network) => Promise<number | null>) | undefined {
    if (target.metric !== 'latency' || !this.canTell) return undefined;
    return async (network) => {
      const { ms, baseMs, check } = await this.measured(network);
      const ratio = ms / (target.ms ?? baseMs * (1 - target.share));
      if (isQuiet(check)) return ratio;
      const noise = Math.abs(check.ratio - 1);
      // A miss beyond what disturbs is a miss on a busy machine, too.
      const isTold = noise <= NEAR;
      this.observer.warning?.(
        `the machine is busy: the unpruned network differs by ${(noise * 100).toFixed(1)} % from itself${isTold ? '' : ', so the measurement corrects nothing'}`,
      );
      return isTold ? ratio : null;
    };
  }

  report(network: Network, { cost }: Pick<Structure, 'cost'>, baseMs: number): LatencyReport {
    return {
      ...{ profile: this.identity, differences: this.differences },
      predicted: { ms: cost.latency ?? Number.NaN, baseMs },
      measured: this.found.get(network) ?? null,
      corrections: Math.max(0, this.found.size - 1),
    };
  }

  /** With the engine and threads of the profile, the network as given twice beside it. */
  private async measured(network: Network): Promise<MeasuredLatency> {
    const { base, place, observer, identity, found } = this;
    const { engine: name, threads, batch } = identity;
    const engine = await openEngineOf({ engine: name, threads });
    try {
      const subjects = [network, base, base].map((each) => ({ network: each, engine, batch }));
      const onProgress = counting(observer, 'measuring the structure', 'runs');
      const [own, first, second] = await measure(subjects, { signal: place.signal, onProgress });
      if (!own || !first || !second) throw new Error('three networks were not measured');
      const measured = {
        ...{ ms: own.latencyMs.p50, baseMs: first.latencyMs.p50 },
        ...{ speedup: speedup(own, first), check: speedup(second, first) },
      };
      found.set(network, measured);
      return measured;
    } finally {
      await engine.dispose();
    }
  }
}
