import type { BlockAttributes, DepthToSpaceAttributes } from '@espalier/network';
import { inLayout } from '../emission.ts';

/** By changes of shape and order, which have gradients. */
export const depthToSpace = inLayout<DepthToSpaceAttributes>(
  'DepthToSpace',
  'nchw',
  (x, { attributes }, tf) => {
    const { blocksize: r, mode } = attributes;
    const [n = 1, c = 1, h = 1, w = 1] = x.shape;
    const channels = c / r ** 2;
    const moved =
      mode === 'DCR'
        ? tf.transpose(tf.reshape(x, [n, r, r, channels, h, w]), [0, 3, 4, 1, 5, 2])
        : tf.transpose(tf.reshape(x, [n, channels, r, r, h, w]), [0, 1, 4, 2, 5, 3]);
    return tf.reshape(moved, [n, channels, h * r, w * r]);
  },
);

export const spaceToDepth = inLayout<BlockAttributes>('SpaceToDepth', 'nchw', (x, { attributes }, tf) => {
  const { blocksize: r } = attributes;
  const [n = 1, c = 1, h = 1, w = 1] = x.shape;
  const moved = tf.transpose(tf.reshape(x, [n, c, h / r, r, w / r, r]), [0, 3, 5, 1, 2, 4]);
  return tf.reshape(moved, [n, c * r ** 2, h / r, w / r]);
});
