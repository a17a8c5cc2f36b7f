/** A word that the pages use, explained once. */
interface Term {
  /** Of its place on the page of the glossary. */
  readonly id: string;
  readonly name: string;
  /** How else pages write it. */
  readonly also?: readonly string[];
  readonly words: string;
  /** A word that everybody has met by then: pages do not mark it. */
  readonly basic?: true;
}

export const TERMS: readonly Term[] = [
  {
    id: 'allocation',
    name: 'Allocation',
    words:
      'Where to cut: how many channels each channel group gives, so that the whole network meets the target.',
  },
  {
    id: 'allocation-names',
    name: 'Allocations by name',
    words:
      'cie: by sampled contributions, all groups against one threshold. global: by the scores of all channels together. uniform: the same share of each group. greedy, least-drop and least-loss: step by step by sampled drops. random: by chance, as a baseline.',
  },
  {
    id: 'base',
    name: 'Base',
    also: ['unpruned', 'as given'],
    words: 'The network as it was given, before anything is removed. Drops and ratios are against it.',
  },
  {
    id: 'budget',
    name: 'Budget',
    words: 'An upper limit: of the accuracy that may be lost, or of MACs, parameters or milliseconds.',
  },
  {
    id: 'channel-group',
    name: 'Channel group',
    also: ['channel groups', 'groups'],
    words:
      'Channels of several layers that can only be removed together, because additions or depthwise layers tie them to each other.',
  },
  {
    id: 'contribution',
    name: 'Contribution',
    also: ['contribution matrix', 'matrix'],
    words:
      'How much accuracy the network loses when one channel group alone is cut to each of some sizes. It is sampled on images of the search split.',
  },
  {
    id: 'criterion-names',
    name: 'Criteria by name',
    words:
      'l1, l2: size of a filter’s weights. lamp: that size relative to the larger ones of its layer. fpgm: distance from the other filters. bn-scale: the factor of BatchNorm. taylor: effect on the loss, by gradients. hrank: rank of the feature maps. random: by chance, as a baseline.',
  },
  {
    id: 'criterion',
    name: 'Criterion',
    words:
      'Which channels go first within a layer: a score of each channel. The lowest scores are removed first.',
  },
  {
    id: 'data-set',
    basic: true,
    name: 'Data set',
    words: 'Images in three splits (train, search, test), mostly with labels.',
  },
  {
    id: 'device-profile',
    name: 'Device profile',
    also: ['device'],
    words:
      'How long layers of each width take on a machine, measured there once. From it the time of any pruned network is predicted.',
  },
  {
    id: 'drop',
    name: 'Drop',
    words:
      'How much worse than the base a network is, by the metric of its experiment. In points for accuracies.',
  },
  {
    id: 'experiment',
    basic: true,
    name: 'Experiment',
    words:
      'One model, one data set and one training. The runs in it differ in strategy, target and seed alone, so they can be compared.',
  },
  {
    id: 'fidelity',
    name: 'Fidelity',
    words: 'How close the outputs of a pruned network are to those of the base. It needs no labels.',
  },
  {
    id: 'fine-tuning',
    name: 'Fine-tuning',
    also: ['fine-tuned'],
    words: 'Training after the cut, with a low learning rate. It wins back much of what the cut lost.',
  },
  {
    id: 'grid',
    name: 'Grid',
    also: ['cut sizes to test'],
    words: 'The shares of each channel group that sampling tests, such as 10 %, 20 % and so on.',
  },
  {
    id: 'imported',
    name: 'Imported result',
    also: ['imported', 'imported results', 'imported run', 'imported runs'],
    words:
      'A result that another tool computed, and that was imported: from a table, MLflow or a script. Its evidence says what the platform has checked of it.',
  },
  {
    id: 'latency',
    name: 'Latency',
    words:
      'The time for one image, as the median of many. Base and pruned network are timed in turns on the same machine.',
  },
  {
    id: 'macs',
    name: 'MACs',
    words:
      'Multiplications with an addition that the network computes for one image. A FLOP is half a MAC in some papers.',
  },
  {
    id: 'mcnemar',
    name: 'McNemar’s test',
    words:
      'Whether two networks differ by more than chance on the same test images. It counts the images that only one of them gets right.',
  },
  {
    id: 'metric',
    name: 'Metric',
    also: ['judged by'],
    words: 'What networks are judged by: top-1, top-5, loss, fidelity and others.',
  },
  {
    id: 'model',
    basic: true,
    name: 'Model',
    words: 'A network as it was uploaded, with the preprocessing of its input.',
  },
  {
    id: 'params',
    name: 'Parameters',
    also: ['params'],
    words: 'Numbers that the network has learned. Each takes 4 bytes as float32.',
  },
  {
    id: 'pareto-front',
    name: 'Pareto front',
    also: ['on the front', 'front'],
    words: 'The runs that no other run beats in both accuracy and cost.',
  },
  {
    id: 'point',
    name: 'Point',
    also: ['pt', 'points'],
    words: 'A difference of two percentages: from 92 % to 91 % is one point less.',
  },
  {
    id: 'preprocessing',
    name: 'Preprocessing',
    words: 'How pixels become the input of a network: size, order of the channels, mean and deviation.',
  },
  {
    id: 'recalibration',
    name: 'Recalibration',
    words: 'Measuring the means and variances of BatchNorm again after the cut. It changes no weights.',
  },
  {
    id: 'recipe',
    name: 'Recipe',
    words: 'How networks are fine-tuned: epochs, learning rate, batch size, distillation and so on.',
  },
  {
    id: 'repair',
    name: 'Repair',
    also: ['repaired'],
    words:
      'Setting the weights behind the cut to what fits best to the channels that are left. It takes seconds and no labels.',
  },
  {
    id: 'round',
    name: 'Round',
    words: 'Sampling and cutting again on the network that the round before left.',
  },
  {
    id: 'run',
    basic: true,
    name: 'Run',
    words: 'One strategy with one target and one seed. Its result is one pruned network.',
  },
  {
    id: 'sampling',
    name: 'Sampling',
    also: ['sampled'],
    words:
      'Measuring the contribution matrix: each channel group is cut by itself, and the network is judged on images of the search split. Runs of one experiment share it.',
  },
  {
    id: 'seed',
    name: 'Seed',
    words: 'A number that fixes what is drawn by chance. The same seed gives the same result.',
  },
  {
    id: 'sensitivity',
    name: 'Sensitivity',
    words: 'One row of the contribution matrix: the drop of one channel group over the share that is cut.',
  },
  {
    id: 'splits',
    name: 'Splits',
    also: ['split'],
    words:
      'Train: to learn from. Search: to sample and choose by. Test: to score the result once. No image is in two of them.',
  },
  {
    id: 'strategy',
    name: 'Strategy',
    words: 'An allocation together with a criterion, such as cie · l1.',
  },
  {
    id: 'structure',
    name: 'Structure',
    words: 'How many channels each channel group keeps.',
  },
  {
    id: 'target',
    name: 'Target',
    also: ['to remove'],
    words: 'How much is to be removed: a share of the MACs, the parameters, or the time on a device.',
  },
  {
    id: 'throughput',
    name: 'Throughput',
    words: 'Images per second in batches.',
  },
  {
    id: 'top-1',
    name: 'Top-1',
    words:
      'The share of images whose most likely class is the right one. Top-5: it is among the five most likely.',
  },
  {
    id: 'worker',
    basic: true,
    name: 'Worker',
    words:
      'A program that computes runs. One comes with the platform; more can be started on other machines.',
  },
];

const BY_NAME = new Map(
  TERMS.filter(({ basic }) => !basic).flatMap((term) =>
    [term.name, ...(term.also ?? [])].map((name) => [name.toLowerCase(), term]),
  ),
);

/** The term that a text is, whatever its case; undefined for basic ones, and for any other text. */
export function termOf(text: string): Term | undefined {
  return BY_NAME.get(text.toLowerCase());
}
