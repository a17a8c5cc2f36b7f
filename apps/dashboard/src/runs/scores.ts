import type { QualityMetric } from '#src/format/quality.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What a network was worth on the images that were sampled, by each metric of the platform. */
export const roundScores = graphql(`
  fragment RoundScores on Quality @_unmask { top1 top5 loss fidelity agreement kl cosine }
`);

export type RoundScores = ResultOf<typeof roundScores>;

const FIELDS: Readonly<Record<string, keyof RoundScores>> = {
  ...{ TOP1: 'top1', TOP5: 'top5', LOSS: 'loss', FIDELITY: 'fidelity', AGREEMENT: 'agreement', KL: 'kl' },
  COSINE: 'cosine',
};

/** By a metric; null or undefined where it was not measured. */
export function scoreOf({ name }: Pick<QualityMetric, 'name'>, scores: RoundScores | null) {
  const field = FIELDS[name];
  return field && scores?.[field];
}
