// Every operation that networks may have.

export { arithmeticOperations, where } from './arithmetic.ts';
export { concat } from './concat.ts';
export { conv } from './conv.ts';
export { convTranspose } from './conv-transpose.ts';
export { depthToSpace, spaceToDepth } from './depth-to-space.ts';
export { gather } from './gather.ts';
export { gemm } from './gemm.ts';
export { matMul } from './matmul.ts';
export {
  batchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  lrn,
} from './normalization.ts';
export { pad } from './pad.ts';
export { pointwiseOperations } from './pointwise.ts';
export { averagePool, globalAveragePool, globalMaxPool, maxPool } from './pool.ts';
export { reduceMax, reduceMean, reduceSum } from './reduce.ts';
export { flatten, reshape } from './reshape.ts';
export { resize } from './resize.ts';
export { slice } from './slice.ts';
export { logSoftmax, softmax } from './softmax.ts';
export { split } from './split.ts';
export { transpose } from './transpose.ts';
