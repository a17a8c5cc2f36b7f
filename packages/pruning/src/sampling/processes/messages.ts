import type { EngineName, LabelledImages, OutputKind } from '@espalier/engines';
import type { Network } from '@espalier/network';
import type { BlockWork, RowScores, RowWork } from '../executor.ts';
import type { PlanOptions } from '../planned/plan.ts';
import type { Measure } from '../scorer.ts';

/** What a sweep process has to know before it can measure. Plain data: it is copied. */
export interface Setup {
  readonly kind: 'setup';
  readonly engine: EngineName;
  readonly threads: number;
  readonly network: Network;
  readonly allowInexact: boolean;
  /** Units of each ranked group from the most to the least important. */
  readonly rankings: readonly { readonly group: string; readonly order: readonly number[] }[];
  /** All cells of the sweep. */
  readonly rows: readonly RowWork[];
  readonly output: OutputKind;
  readonly measure: Extract<Measure, string>;
  readonly batch: number;
  readonly plan: PlanOptions;
}

export interface Task {
  readonly kind: 'task';
  readonly block: LabelledImages;
  readonly work: BlockWork;
}

export type ToChild = Setup | Task;

export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'images'; readonly count: number }
  | { readonly kind: 'row'; readonly scores: RowScores }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly bad: boolean;
      readonly field?: string | undefined;
    };
