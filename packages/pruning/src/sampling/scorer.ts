import { deviations, METRICS, type MetricName, type OutputKind, outputRoles, score } from '@espalier/engines';
import type { FloatTensor, Network } from '@espalier/network';
import type { CellScores } from './cell.ts';

/** Outputs of a network by name. */
export type Outputs = Readonly<Record<string, FloatTensor | undefined>>;

/** What cells are measured by: the images' labels, or the outputs of the unpruned network. */
export type Measure = 'labels' | 'outputs';

export function measureOf(metric: MetricName): Measure {
  return METRICS[metric].needsLabels ? 'labels' : 'outputs';
}

/** Turns outputs into what is kept of a cell. */
export interface Scorer {
  /** Whether it compares with the outputs of the unpruned network. */
  readonly compares: boolean;
  /**
   * @param outputs one that is not there is as in the unpruned network
   * @param reference of the unpruned network, on the same images; left out: it is the unpruned network
   */
  score(outputs: Outputs, labels: ArrayLike<number>, reference?: Outputs): CellScores;
}

export function scorerFor(network: Network, measure: Measure, kind: OutputKind): Scorer {
  if (measure === 'labels') {
    const [name = ''] = network.outputs;
    return {
      compares: false,
      score(outputs, labels) {
        const output = outputs[name];
        if (!output) throw new Error('the network returned no output');
        return score(output, labels, kind);
      },
    };
  }
  const roles = outputRoles(network);
  return {
    compares: true,
    score: (outputs, labels, reference) => deviations(roles, outputs, labels.length, reference),
  };
}
