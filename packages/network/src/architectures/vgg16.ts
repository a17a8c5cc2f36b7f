import type { Architecture } from './architecture.ts';

const stages = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

/**
 * Simonyan, Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015,
 * configuration D, with BatchNorm and, as usual for CIFAR, a single dense layer. A pool is left out where a
 * small image has been pooled down to one pixel before.
 */
export const vgg16: Architecture = {
  name: 'vgg16',
  smallest: 2,
  features(b) {
    let x = 'input';
    let layer = 0;
    const next = () => `features.${layer++}`;
    for (const stage of stages) {
      for (const channels of stage) {
        const sums = b.conv(x, next(), channels, { bias: true });
        x = b.relu(b.batchNorm(sums, next()), next());
      }
      if (Math.min(...b.extents(x)) >= 2) x = b.maxPool(x, next());
    }
    return x;
  },
};
