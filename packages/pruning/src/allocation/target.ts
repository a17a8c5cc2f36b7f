import { InputError, MisfitError } from '@espalier/errors';
import { COST_METRICS, type CostMetric, type Costs, isCostMetric } from '@espalier/network';

/** The share of the base cost to remove. */
export interface Target {
  readonly metric: CostMetric;
  readonly share: number;
  /** Milliseconds that are to be left, where that was asked for: the share follows from it by a device profile. */
  readonly ms?: number | undefined;
}

/** What is asked for: a share, or the time to be left, with what it came to where that is known. */
export type AskedTarget =
  | (Pick<Target, 'metric' | 'share'> & { readonly ms?: undefined })
  | { readonly metric: 'latency'; readonly ms: number; readonly share?: number | undefined };

export const TARGET_FORMS = `${COST_METRICS.map((metric) => `${metric}=0.5`).join(', ')} (the share to remove) or latency=2.5ms (the latency to reach)`;

/** "macs=0.5", "latency=2.5ms" */
export function parseTarget(text: string): AskedTarget {
  const [metric = '', amount = '', ...rest] = text.split('=');
  const [, number = '', unit = ''] = /^(.*?)(ms)?$/.exec(amount.trim()) ?? [];
  const value = number.trim() === '' ? Number.NaN : Number(number);
  if (!isCostMetric(metric) || rest.length > 0 || !Number.isFinite(value)) {
    throw new InputError(`"${text}" is not a target; give it as ${TARGET_FORMS}`, 'target');
  }
  if (unit === 'ms') {
    if (metric === 'latency' && value > 0) return { metric, ms: value };
    throw new InputError(
      metric === 'latency'
        ? `target ${text}: give the milliseconds to reach as a number above 0`
        : `target ${text}: only latency takes milliseconds; give the share to remove, as ${metric}=0.5`,
      'target',
    );
  }
  if (value <= 0 || value >= 1)
    throw new InputError(`target ${text}: the share to remove must lie between 0 and 1`, 'target');
  return { metric, share: value };
}

/** "macs=0.5", "latency=2.5ms": as it was asked for. */
export function targetText({ metric, share, ms }: AskedTarget | Target): string {
  return ms === undefined ? `${metric}=${share}` : `${metric}=${ms}ms`;
}

/**
 * The share that is asked for, of what the network costs.
 *
 * @throws {InputError} for latency where no device profile tells any, and for more time than the network takes
 */
export function resolveTarget(asked: AskedTarget, base: Costs): Target {
  const whole = costOf(base, asked.metric);
  if (asked.ms === undefined) return asked;
  if (asked.ms >= whole) {
    throw new InputError(
      `target ${targetText(asked)}: the profile predicts ${whole.toPrecision(3)} ms for the unpruned network; give less`,
      'target',
    );
  }
  return { ...asked, share: 1 - asked.ms / whole };
}

/** @throws {InputError} for latency where no device profile tells any */
export function costOf(costs: Costs, metric: CostMetric): number {
  const cost = costs[metric];
  if (cost !== undefined) return cost;
  throw withoutProfile();
}

/** Why there is no latency, and how there will be one. */
export function withoutProfile(): InputError {
  return new MisfitError(
    'a latency target needs a device profile: make one (espalier profile MODEL --out device.json) and pass it (--profile device.json)',
    'profile',
  );
}
