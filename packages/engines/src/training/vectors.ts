// Names of the flat vectors that a training step changes. Trainers of different engines share them, so that
// their states can be exchanged.

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
