import { type FloatTensor, floatTensor } from '@espalier/network';
import type { Evidence, EvidenceSubject } from '../evidence/evidence.ts';
import { evidenceOf, type MemberCriterion } from './criterion.ts';
import { filterRows, filtersOf, prunableProducers, weightOf } from './filters.ts';

/** Images of one gradient. */
const BATCH = 32;

/**
 * (sum over the filter of gradient * weight)^2: to first order, the square of what the loss changes when the filter is
 * gone. The gradient is that of the mean cross-entropy of a batch of 32 training images, with BatchNorm as in
 * evaluation (with the statistics of the batch the sum would be 0, as the loss would not depend on a filter's scale);
 * the squares are averaged over the batches that 512 images fill. Biases are not counted. Molchanov, Mallya, Tyree,
 * Frosio, Kautz, "Importance estimation for neural network pruning", CVPR 2019, for the weights of a filter together.
 */
export const taylor: MemberCriterion = {
  name: 'taylor',
  description: 'first-order change of the loss without a filter, by gradients on training images',
  drawsBySeed: true,
  evidence: { kind: 'gradients', images: 512, gather },
  members(group, context) {
    return filtersOf(group, context).map(({ node, units }) => ({
      units,
      scores: evidenceOf(context, 'taylor', node),
    }));
  },
};

async function gather({ network, map, engine, sample }: EvidenceSubject): Promise<Evidence> {
  const producers = prunableProducers(map);
  const of = [...new Set(producers.map(({ value }) => value))];
  const batch = Math.min(BATCH, sample.images);
  const gradient = await engine.gradients(network, { of, batch });
  const evidence = new Map(
    producers.map(({ node, labels }) => [node, new Float64Array(labels.length)] as const),
  );
  const batches = Math.floor(sample.images / batch);
  try {
    for await (const { input, labels } of sample.batches(batch)) {
      if (labels.length < batch) continue;
      const found = await gradient.run({ input, targets: oneHot(labels, sample.classes) });
      for (const producer of producers) {
        const changes = changesOfLoss(weightOf(network, producer), found.get(producer.value), producer.axis);
        const means = evidence.get(producer.node);
        changes.forEach((change, filter) => {
          if (means) means[filter] = (means[filter] ?? 0) + change ** 2 / batches;
        });
      }
    }
  } finally {
    await gradient.dispose();
  }
  return evidence;
}

/** The sum of gradient * weight of each filter. */
function changesOfLoss(weight: FloatTensor, gradient: FloatTensor | undefined, axis: number): Float64Array {
  if (!gradient) throw new Error('there is no gradient of a weight');
  const slopes = filterRows(gradient, axis);
  return Float64Array.from(filterRows(weight, axis), (row, filter) =>
    row.reduce((sum, value, i) => sum + value * (slopes[filter]?.[i] ?? 0), 0),
  );
}

/** [n, classes] */
function oneHot(labels: ArrayLike<number>, classes: number): FloatTensor {
  const targets = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) targets[i * classes + (labels[i] ?? 0)] = 1;
  return floatTensor([labels.length, classes], targets);
}
