import type { Measurement, Quality, Speedup } from '@espalier/engines';
import type { Cost } from '@espalier/network';
import type { Provenance, TrainingSummary } from '@espalier/pipeline';
import type { SamplingRun } from '@espalier/pruning';
import type { Strategy } from './settings.ts';

/** One pruned network. */
export interface DemoRow extends Cost {
  readonly strategy: Strategy;
  /** Share of the MACs asked for. */
  readonly requested: number;
  /** Shares of the base cost saved. */
  readonly achieved: Cost;
  /** On the whole test split. */
  readonly asCut: Quality;
  readonly repaired: Quality;
  readonly timing: Measurement;
  /** Against the base. */
  readonly speedup: Speedup;
  /** Units kept of each channel group. */
  readonly widths: readonly number[];
  /** The repaired network, in the folder of the results. */
  readonly file: string;
}

/** The outlined network after a few steps of training. */
export interface DemoFinetuning extends Pick<TrainingSummary, 'steps' | 'recipeHash'> {
  readonly strategy: string;
  readonly requested: number;
  readonly batch: number;
  readonly quality: Quality;
  readonly seconds: number;
  readonly file: string;
}

/** What `results.json` holds. */
export interface DemoResults {
  readonly note: string;
  readonly sampling: Pick<SamplingRun, 'criterion' | 'grid' | 'samples' | 'seed' | 'dataset'>;
  readonly repair: { readonly split: 'train'; readonly images: number };
  readonly base: Cost & { readonly quality: Quality; readonly timing: Measurement };
  readonly rows: readonly DemoRow[];
  readonly finetuning: DemoFinetuning;
  readonly seconds: Readonly<Record<string, number>>;
  readonly provenance: Provenance;
}
