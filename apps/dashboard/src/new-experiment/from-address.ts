import { one, type SearchParams } from '#src/lists/address.ts';
import type { ExperimentDraft } from './plan.ts';

/** What of a new experiment its address says, where somebody comes from a structure that was explored. */
export function draftFrom(params: SearchParams): Partial<ExperimentDraft> {
  const [model, dataset, strategy, grid] = ['model', 'dataset', 'strategy', 'grid'].map((name) =>
    one(params, name),
  );
  const samples = Number(one(params, 'samples'));
  const [, metric, share] = /^(macs|params)=(0\.\d+)$/.exec(one(params, 'target')) ?? [];
  return {
    ...(model ? { modelId: model } : {}),
    ...(dataset ? { datasetId: dataset } : {}),
    ...(strategy ? { strategies: [strategy] } : {}),
    ...(metric ? { metric: metric === 'params' ? 'PARAMS' : 'MACS', shares: [Number(share)] } : {}),
    ...(grid ? { grid } : {}),
    ...(Number.isInteger(samples) && samples > 0 ? { samples } : {}),
  };
}
