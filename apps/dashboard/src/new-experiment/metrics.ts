import type { QualityMetricName } from '#src/format/quality.ts';

/** What networks can be judged by, as the API lists them. */
export interface MetricMethod {
  readonly name: QualityMetricName;
  readonly label: string;
  readonly description: string;
  readonly direction: 'HIGHER' | 'LOWER';
  readonly needsLabels: boolean;
}

/** An output of a model, and what is known of it. */
export interface ModelOutput {
  readonly name: string;
  readonly tellsClasses: boolean;
  readonly tellsProbabilities: boolean;
  /** Null where that was not kept. */
  readonly isEmbedding: boolean | null;
}

/**
 * The metrics that networks with these outputs can be judged by on these images, the usual one first: top-1, the cosine of
 * embeddings, or the error of the outputs where there are no labels or several outputs.
 *
 * @param outputs null where they are not known: then the API has the last word
 * @param classes of the data set; 0: its images have no labels
 */
export function fittingMetrics<M extends Pick<MetricMethod, 'name' | 'needsLabels'>>(
  metrics: readonly M[],
  outputs: readonly ModelOutput[] | null,
  classes: number,
): M[] {
  const several = (outputs?.length ?? 1) > 1;
  const embeds = (outputs?.length ?? 0) > 0 && outputs?.every(({ isEmbedding }) => isEmbedding) === true;
  const usual = embeds ? 'COSINE' : classes === 0 || several ? 'FIDELITY' : 'TOP1';
  const fits = ({ name, needsLabels }: M) => {
    if (needsLabels && (classes === 0 || several || embeds)) return false;
    if (name === 'COSINE')
      return outputs?.some(({ tellsClasses, isEmbedding }) => tellsClasses || isEmbedding) ?? true;
    if (name === 'KL') return outputs?.some(({ tellsProbabilities }) => tellsProbabilities) ?? true;
    if (name === 'AGREEMENT') return outputs?.some(({ tellsClasses }) => tellsClasses) ?? true;
    return name !== 'TOP5' || classes >= LEAST_FOR_TOP5;
  };
  const fitting = metrics.filter(fits);
  return [...fitting.filter(({ name }) => name === usual), ...fitting.filter(({ name }) => name !== usual)];
}

/** With fewer classes nearly everything is among the five largest, and it is not told. */
const LEAST_FOR_TOP5 = 6;
