import type { Named } from '#src/ui/named.ts';
import type { DeviceChoice } from './device-choice.ts';
import type { ModelOutput } from './metrics.ts';

export interface ModelChoice extends Named {
  /** Of one image. */
  readonly macs: number;
  /** The largest share that can be removed; null where it is not known. */
  readonly reachable: { readonly macs: number; readonly params: number } | null;
  /** Runs take the usual values of their data set then. */
  readonly saysNothingOfPixels: boolean;
  /** What there are profiles of it on. */
  readonly devices: readonly DeviceChoice[];
  /** Channel groups, and why some cannot be pruned. */
  readonly groups: readonly { readonly name: string; readonly inexact: boolean }[];
  /** Null where they are not known. */
  readonly outputs: readonly ModelOutput[] | null;
}

export interface DatasetChoice extends Named {
  /** Of which samples are taken. */
  readonly searchImages: number;
  /** By which is repaired, and trained. */
  readonly trainImages: number;
  /** 0: its images have no labels. */
  readonly classes: number;
}
