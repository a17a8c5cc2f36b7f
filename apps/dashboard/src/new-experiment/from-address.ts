import { wordOf } from '#src/graphql/enum-words.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import type { ExperimentDraft } from './plan.ts';

const METRICS = ['MACS', 'PARAMS', 'LATENCY'] as const;

/** What of a new experiment its address says, where somebody comes from a structure that was explored. */
export function draftFrom(params: SearchParams): Partial<ExperimentDraft> {
  const [model, dataset, strategy, grid, device] = ['model', 'dataset', 'strategy', 'grid', 'device'].map(
    (name) => one(params, name),
  );
  const samples = Number(one(params, 'samples'));
  const [, metric, share] = /^(macs|params|latency)=(0\.\d+)$/.exec(one(params, 'target')) ?? [];
  const asked = METRICS.find((name) => wordOf(name) === metric);
  // Time is known by a device only.
  const isKnown = asked !== undefined && (asked !== 'LATENCY' || Boolean(device));
  return {
    ...(model ? { modelId: model } : {}),
    ...(dataset ? { datasetId: dataset } : {}),
    ...(strategy ? { strategies: [strategy] } : {}),
    ...(device ? { deviceProfileId: device } : {}),
    ...(isKnown ? { metric: asked, shares: [Number(share)] } : {}),
    ...(grid ? { grid } : {}),
    ...(Number.isInteger(samples) && samples > 0 ? { samples } : {}),
  };
}
