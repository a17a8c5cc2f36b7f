/** What every architecture can be built with. Weights and BatchNorm statistics are random. */
export interface ArchitectureOptions {
  /** Height and width of the input, in pixels. */
  readonly size?: number;
  readonly classes?: number;
  /** Factor for the number of channels of every layer. Default 1. */
  readonly width?: number;
  readonly seed?: number;
}

/** Scales channel counts; a scaled count is a multiple of `step`, and at least that. */
export function scaler(width = 1, step = 8): (channels: number) => number {
  return (channels) =>
    width === 1 ? channels : Math.max(step, Math.round((channels * width) / step) * step);
}

/** The nearest multiple of 8 that is no more than a tenth below (MobileNet's rule). */
export function divisible(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}
