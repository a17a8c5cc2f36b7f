// How TensorFlow.js computes every operation.

export { arithmeticEmissions, where } from './arithmetic.ts';
export { conv } from './conv.ts';
export { convTranspose } from './conv-transpose.ts';
export { gemm, matMul } from './dense.ts';
export { depthToSpace, spaceToDepth } from './depth-to-space.ts';
export {
  batchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  lrn,
} from './normalization.ts';
export { pad } from './pad.ts';
export { pointwiseEmissions } from './pointwise.ts';
export { averagePool, maxPool } from './pool.ts';
export { reductionEmissions } from './reduce.ts';
export { resize } from './resize.ts';
export { concat, flatten, gather, reshape, slice, split, transpose } from './shape.ts';
export { logSoftmax, softmax } from './softmax.ts';
