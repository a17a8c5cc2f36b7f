import type { VariablesOf } from '@espalier/client';
import { TOP1 } from '@espalier/engines';
import type { finishRun, recordEpochs, recordEvaluation, recordRun } from './mutations.ts';

type InputOf<T> = VariablesOf<T> extends { input: infer Input } ? Input : never;
type RecordRunInput = InputOf<typeof recordRun>;
export type Evaluation = InputOf<typeof finishRun>['evaluation'];
export type Epoch = InputOf<typeof recordEpochs>['epochs'][number];
export type BaseInput = InputOf<typeof recordEvaluation>;

/** A run as it is to be sent, every number of it checked. */
export interface PlannedRun {
  readonly where: string;
  /** What it is called there, for people; empty where nothing says it. */
  readonly name: string;
  readonly model: string;
  readonly record: RecordRunInput;
  readonly epochs: readonly Epoch[];
  readonly evaluation: Evaluation;
  readonly prunedTop1: number | null;
  readonly prunedValue: number | null;
  /** Its .onnx file; null if params and MACs stand for it. */
  readonly network: string | null;
  readonly params: number | null;
  readonly macs: number | null;
}

/** All that an import sends. */
export interface Plan {
  readonly importId: string;
  /** Of unpruned networks, each once. */
  readonly bases: readonly BaseInput[];
  readonly runs: readonly PlannedRun[];
  readonly skipped: readonly string[];
}

/** By the metric that a run is judged by. */
export function worthOf({ record, evaluation }: PlannedRun): number | null {
  const isTop1 = (record.qualityMetric?.name ?? TOP1.name) === TOP1.name;
  return (isTop1 ? evaluation.top1 : evaluation.value) ?? null;
}
