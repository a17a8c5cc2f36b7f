import {
  deviations,
  type ImageMetric,
  isImageMetric,
  keptOf,
  type LabelledImages,
  type OutputKind,
  outputRoles,
  type QualityMetric,
  score,
} from '@espalier/engines';
import type { FloatTensor, Network } from '@espalier/network';
import type { CellScores } from './cell.ts';

/** Outputs of a network by name. */
export type Outputs = Readonly<Record<string, FloatTensor | undefined>>;

/** What cells are measured by: the images' labels, the outputs of the unpruned network, or what a metric makes of images. */
export type Measure = 'labels' | 'outputs' | ImageMetric;

export function measureOf(metric: QualityMetric): Measure {
  if (isImageMetric(metric)) return metric;
  return metric.by === 'labels' ? 'labels' : 'outputs';
}

/** Turns outputs into what is kept of a cell. */
export interface Scorer {
  /** Whether it needs the outputs of the unpruned network. */
  readonly compares: boolean;
  /**
   * @param outputs one that is not there is as in the unpruned network
   * @param reference of the unpruned network, on the same images; left out: it is the unpruned network
   */
  score(outputs: Outputs, images: Pick<LabelledImages, 'labels' | 'shown'>, reference?: Outputs): CellScores;
}

export function scorerFor(network: Network, measure: Measure, kind: OutputKind): Scorer {
  if (measure === 'labels') {
    const [name = ''] = network.outputs;
    return {
      compares: false,
      score(outputs, { labels }) {
        const output = outputs[name];
        if (!output) throw new Error('the network returned no output');
        return score(output, labels, kind);
      },
    };
  }
  if (measure === 'outputs') {
    const roles = outputRoles(network);
    return {
      compares: true,
      score: (outputs, { labels }, reference) => deviations(roles, outputs, labels.length, reference),
    };
  }
  const judge = measure.start();
  return {
    // A cut may not reach all of several outputs.
    compares: network.outputs.length > 1,
    score(outputs, { shown = [] }, reference) {
      const there = Object.entries(outputs).filter(([, tensor]) => tensor);
      const all = { ...reference, ...Object.fromEntries(there) };
      return { kept: keptOf(measure, judge, network, all, shown) };
    },
  };
}
