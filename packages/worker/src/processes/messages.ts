import type { EpochReport } from '@espalier/engines';
import type { Stage, TaskResult } from '../tasks/task.ts';

/** What the child says. */
export type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'epoch'; readonly epoch: EpochReport }
  | { readonly kind: 'checkpoint'; readonly file: string; readonly step: number }
  | { readonly kind: 'resumed'; readonly step: number; readonly epochs: readonly EpochReport[] }
  | { readonly kind: 'result'; readonly result: TaskResult }
  /** `expected`: bad input, which trying again does not change; `field` is what of it is wrong. */
  | {
      readonly kind: 'error';
      readonly message: string;
      readonly expected: boolean;
      readonly field?: string | undefined;
    };
