// How every operation is differentiated.

export { arithmeticDifferentiations } from './arithmetic.ts';
export { batchNormalization } from './batch-normalization.ts';
export { concatenation } from './concat.ts';
export { conv } from './conv.ts';
export { convTranspose } from './conv-transpose.ts';
export { gemm, matMul } from './dense.ts';
export { blocksToPixels, pixelsToBlocks } from './depth-to-space.ts';
export { gathering } from './gather.ts';
export { padding } from './pad.ts';
export { pointwiseDifferentiations } from './pointwise.ts';
export { averagePool, maxPool } from './pool.ts';
export { reductionDifferentiations } from './reduce.ts';
export { flatten, reshapeTo } from './reshape.ts';
export { slicing } from './slice.ts';
export { logSoftmax, softmax } from './softmax.ts';
export { splitting } from './split.ts';
export { transposition } from './transpose.ts';
export { choosing } from './where.ts';
