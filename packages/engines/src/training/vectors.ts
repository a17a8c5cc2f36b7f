import type { Network } from '@espalier/network';
import { optimiserRule } from './optimisers/index.ts';
import { type ParameterLayout, pack, unpack } from './parameters.ts';
import type { TrainerOptions, TrainerState } from './trainer.ts';

// The flat vectors that a training step changes. Trainers of different engines share them, so that their
// states can be exchanged.

/** All learnable tensors, in the order of `parameterLayout`. */
export const PARAMETERS = 'step/parameters';
/** BatchNorm's running means and variances. */
export const STATISTICS = 'step/statistics';
/** The moving average of the parameters. */
export const AVERAGE = 'step/average';

/** A vector of the optimiser's own. */
export function slotName(slot: string): string {
  return `step/${slot}`;
}

/** All of them before the first step, none sharing memory with another. */
export function initialVectors(
  network: Network,
  layout: ParameterLayout,
  { optimiser, averaging }: TrainerOptions,
): TrainerState['vectors'] {
  const parameters = pack(network, layout.parameters);
  const slots = optimiserRule(optimiser).slots.map((name) => [
    slotName(name),
    new Float32Array(parameters.length),
  ]);
  return {
    ...Object.fromEntries(slots),
    [PARAMETERS]: parameters,
    ...(layout.statistics.length > 0 ? { [STATISTICS]: pack(network, layout.statistics) } : {}),
    ...(averaging === undefined ? {} : { [AVERAGE]: parameters.slice() }),
  };
}

/** The network with the values of the vectors; the averaged ones if there are any and they are asked for. */
export function networkWith(
  network: Network,
  layout: ParameterLayout,
  vectors: TrainerState['vectors'],
  which: 'current' | 'averaged',
): Network {
  const parameters = (which === 'averaged' && vectors[AVERAGE]) || vectors[PARAMETERS];
  const weighted = unpack(network, layout.parameters, parameters ?? new Float32Array());
  const statistics = vectors[STATISTICS];
  return statistics ? unpack(weighted, layout.statistics, statistics) : weighted;
}
