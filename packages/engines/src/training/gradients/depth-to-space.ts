import type { BlockAttributes, DepthToSpaceAttributes } from '@espalier/network';
import { reshape, transpose } from '../graph/arithmetic.ts';
import { ofOneOperand } from './differentiation.ts';

/** Values only move: their gradients move back. */
export const blocksToPixels = ofOneOperand<DepthToSpaceAttributes>('DepthToSpace', (g, x, { attributes }) => {
  const { blocksize: r, mode } = attributes;
  const [n = 1, c = 1, h = 1, w = 1] = x.dims;
  const channels = c / r ** 2;
  return {
    y: g.node('DepthToSpace', [x], [n, channels, h * r, w * r], { blocksize: r, mode }),
    dx(dy) {
      const pixels = reshape(g, dy, [n, channels, h, r, w, r]);
      return reshape(
        g,
        transpose(g, pixels, mode === 'DCR' ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4]),
        x.dims,
      );
    },
  };
});

export const pixelsToBlocks = ofOneOperand<BlockAttributes>('SpaceToDepth', (g, x, { attributes }) => {
  const { blocksize: r } = attributes;
  const [n = 1, c = 1, h = 1, w = 1] = x.dims;
  return {
    y: g.node('SpaceToDepth', [x], [n, c * r ** 2, h / r, w / r], { blocksize: r }),
    dx: (dy) => g.node('DepthToSpace', [dy], x.dims, { blocksize: r, mode: 'DCR' }),
  };
});
