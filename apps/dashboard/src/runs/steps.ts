import type { Maybe } from '#src/format/numbers.ts';
import type { RunDetail } from './run-page-query.ts';

type Result = NonNullable<RunDetail['result']>;

/** A network of a run on its way, and what it is worth on the test split. */
export interface Step {
  /** "As cut" */
  readonly name: string;
  /** By the metric of the run. */
  readonly value: Maybe;
  /** The same as top-1, where there are labels. */
  readonly top1: Maybe;
}

/** From the unpruned network to the one that is exported: as cut, and behind each step that there was. */
export function networksOf({
  result,
  experiment: { recipe, recalibrate },
}: {
  readonly result: Pick<
    Result,
    'prunedTop1' | 'repairedTop1' | 'top1' | 'prunedValue' | 'repairedValue' | 'value' | 'repair' | 'base'
  >;
  readonly experiment: { readonly recipe: object | null; readonly recalibrate: number | null };
}): Step[] {
  const { base, repair } = result;
  const last = recipe ? 'Fine-tuned' : recalibrate ? 'Recalibrated' : repair ? null : 'As exported';
  return [
    { name: 'Unpruned', value: base.value, top1: base.top1 },
    { name: 'As cut', value: result.prunedValue, top1: result.prunedTop1 },
    ...(repair ? [{ name: 'Repaired', value: result.repairedValue, top1: result.repairedTop1 }] : []),
    ...(last === null ? [] : [{ name: last, value: result.value, top1: result.top1 }]),
  ];
}
