import type { Maybe } from '#src/format/numbers.ts';
import type { RunDetail } from './run-page-query.ts';

/** A network of a run on its way, and its accuracy on the test split. */
export interface Accuracy {
  /** "As cut" */
  readonly name: string;
  readonly top1: Maybe;
}

/** From the unpruned network to the one that is exported: as cut, and behind each step that there was. */
export function accuraciesOf({
  result,
  experiment: { recipe, recalibrate },
}: {
  readonly result: Pick<NonNullable<RunDetail['result']>, 'prunedTop1' | 'repairedTop1' | 'top1' | 'base'>;
  readonly experiment: { readonly recipe: object | null; readonly recalibrate: number | null };
}): Accuracy[] {
  const { base, prunedTop1, repairedTop1, top1 } = result;
  const isRepaired = repairedTop1 !== null;
  const last = recipe ? 'Fine-tuned' : recalibrate ? 'Recalibrated' : isRepaired ? null : 'As exported';
  return [
    { name: 'Unpruned', top1: base.top1 },
    { name: 'As cut', top1: prunedTop1 },
    ...(isRepaired ? [{ name: 'Repaired', top1: repairedTop1 }] : []),
    ...(last === null ? [] : [{ name: last, top1 }]),
  ];
}
