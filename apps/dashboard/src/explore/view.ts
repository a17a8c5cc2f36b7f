import { address, one, type SearchParams } from '#src/lists/address.ts';

// What the page shows stands in its address. Plain data and pure functions.

export const TARGET_METRICS = { macs: 'MACs', params: 'params', latency: 'milliseconds' } as const;
type TargetMetric = keyof typeof TARGET_METRICS;

export interface ExploreView {
  readonly metric: TargetMetric;
  /** To be removed, in whole percents, which are the slider's steps. */
  readonly percent: number;
  /** A device profile; empty for none. */
  readonly profile: string;
}

export const LEAST_PERCENT = 1;
export const MOST_PERCENT = 99;

/** What does not make sense is as it usually is. */
export function readExploreView(params: SearchParams): ExploreView {
  const [metric = '', share = ''] = one(params, 'target').split('=');
  const profile = one(params, 'profile');
  const percent = Math.round(Number(share) * 100);
  const isPercent = percent >= LEAST_PERCENT && percent <= MOST_PERCENT;
  const isKnown = metric in TARGET_METRICS && (metric !== 'latency' || profile !== '');
  return {
    metric: isKnown ? (metric as TargetMetric) : 'macs',
    percent: isPercent ? percent : 50,
    profile,
  };
}

/** "macs=0.5" */
export function targetText({ metric, percent }: ExploreView): string {
  return `${metric}=${percent / 100}`;
}

const METRICS = { macs: 'MACS', params: 'PARAMS', latency: 'LATENCY' } as const;

/** As the API takes it. */
export function targetOf({ metric, percent }: ExploreView) {
  return { metric: METRICS[metric], share: percent / 100 };
}

export function exploreAddress(samplingRunId: string, view: ExploreView): string {
  return `/explore/${samplingRunId}?${address({ target: targetText(view), profile: view.profile })}`;
}

export interface SampledRun {
  readonly modelId: string;
  readonly datasetId: string;
  readonly criterion: string;
  readonly grid: readonly number[];
  readonly samples: number;
  /** Whether the platform's own runs would go by this very sampling. */
  readonly isShared: boolean;
}

/**
 * The form of a new experiment, filled in: by this sampling where runs can go by it, and else with the shares that the
 * structure removes from each group.
 */
export function startAddress(
  sampled: SampledRun,
  view: ExploreView,
  structure: { readonly allocation: string; readonly widths: readonly number[]; readonly share: number },
  groups: readonly { readonly name: string; readonly width: number }[],
): string {
  const { modelId, datasetId, criterion, grid, samples, isShared } = sampled;
  const shares = groups.flatMap(({ name, width }, g) => {
    const removed = width - (structure.widths[g] ?? width);
    return removed > 0 ? [`${name}=${Number((removed / width).toFixed(6))}`] : [];
  });
  const allocation = isShared ? structure.allocation : `manual(${shares.join(';')})`;
  const target = isShared ? targetText(view) : `macs=${Math.floor(structure.share * 1000) / 1000}`;
  return `/experiments/new?${address({
    ...{ model: modelId, dataset: datasetId, strategy: `${allocation}/${criterion}`, target },
    ...(isShared ? { grid: grid.join(','), samples: String(samples), device: view.profile } : {}),
  })}`;
}

/** How wide a cut leaves each group: shares of its width before, 0..1. */
export function keptShares(
  widths: readonly number[],
  groups: readonly { readonly width: number }[],
): number[] {
  return groups.map(({ width }, g) => (widths[g] ?? width) / width);
}
