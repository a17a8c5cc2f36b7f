import { prepared } from './allocation.ts';
import { predictedDamage } from './damage.ts';
import { leastDamage } from './least-damage.ts';

/**
 * The smallest sum of what the groups' cuts raise the loss by, for the target. Iso-drop asks each group to hurt alike;
 * this one asks for the least hurt in all, as if groups did not touch one another. Losses are finer than accuracies,
 * which change by whole images and end at chance.
 */
export const leastLoss = prepared(
  {
    name: 'least-loss',
    description: 'the widths with the smallest total rise of the loss',
    sampling: 'shared',
    isSlow: true,
  },
  (problem) =>
    leastDamage(
      problem,
      predictedDamage(problem, 'least-loss', ({ loss }) => loss),
    ),
);

/** The same with the drops that the other allocations use. */
export const leastDrop = prepared(
  {
    name: 'least-drop',
    description: 'the widths with the smallest total drop',
    sampling: 'shared',
    isSlow: true,
  },
  (problem) => leastDamage(problem, predictedDamage(problem, 'least-drop')),
);
