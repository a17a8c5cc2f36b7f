import type { Engine, TrainingSample } from '@espalier/engines';
import type { ChannelMap, Network } from '@espalier/network';

/**
 * What was measured of the filters on images: one number for each, by the name of the node that they belong to; or of
 * the units, by the id of their group.
 */
export type Evidence = ReadonlyMap<string, Float64Array>;

/** What a criterion has to know beside the weights, and how it is measured. */
export interface EvidenceRule {
  /** What is looked at. Part of the key of what is stored. */
  readonly kind: 'gradients' | 'feature-maps' | 'reconstruction';
  /** How many images of the training split, drawn by the seed, not augmented; all if there are fewer. */
  readonly images: number;
  gather(subject: EvidenceSubject): Promise<Evidence>;
}

export interface EvidenceSubject {
  readonly network: Network;
  readonly map: ChannelMap;
  readonly engine: Engine;
  /** Images and labels as the network takes them. */
  readonly sample: TrainingSample;
  readonly signal?: AbortSignal | undefined;
}
