import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** The channel groups and layers of a network, for their tables. */
export const modelParts = graphql(`
  fragment ModelParts on ModelSummary @_unmask {
    groups { name width prunable inexact reason producers consumers }
    layers { name op shape params macs from }
  }
`);

type ModelParts = ResultOf<typeof modelParts>;
export type ModelGroup = NonNullable<ModelParts['groups']>[number];
export type ModelLayer = NonNullable<ModelParts['layers']>[number];

/** Of one image, as people write it: "3×32×32". */
export function shapeText(shape: readonly number[] | null | undefined): string {
  return shape?.join('×') || '–';
}

/** Runs of such a model take the usual values of their data set. What is null was registered before it was kept. */
export function saysNothingOfPixels(preprocessing: { readonly input: unknown } | null): boolean {
  return preprocessing !== null && preprocessing.input === null;
}
