import { InputError } from '@espalier/errors';
import { arithmeticDifferentiations } from './arithmetic.ts';
import { batchNormalization } from './batch-normalization.ts';
import { concatenation } from './concat.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';
import { gemm, matMul } from './dense.ts';
import type { Differentiation } from './differentiation.ts';
import { gathering } from './gather.ts';
import { padding } from './pad.ts';
import { pointwiseDifferentiations } from './pointwise.ts';
import { averagePool, globalAveragePool, globalMaxPool, maxPool, reduceMax } from './pool.ts';
import { reduceMean, reduceSum } from './reduce.ts';
import { flatten, reshapeTo } from './reshape.ts';
import { slicing } from './slice.ts';
import { logSoftmax, softmax } from './softmax.ts';
import { splitting } from './split.ts';
import { transposition } from './transpose.ts';

const all = [
  ...arithmeticDifferentiations,
  averagePool,
  batchNormalization,
  concatenation,
  conv,
  convTranspose,
  flatten,
  gathering,
  gemm,
  globalAveragePool,
  globalMaxPool,
  logSoftmax,
  matMul,
  maxPool,
  padding,
  ...pointwiseDifferentiations,
  reduceMax,
  reduceMean,
  reduceSum,
  reshapeTo,
  slicing,
  softmax,
  splitting,
  transposition,
];

// Each is written for its own attributes; a node carries the name that goes with them.
const registry = new Map(all.map((rule) => [rule.op, rule as unknown as Differentiation]));

/** @throws {InputError} for an operation that has no gradient. */
export function differentiationOf(node: { readonly op: string; readonly name: string }): Differentiation {
  const found = registry.get(node.op);
  if (!found) {
    throw new InputError(`${node.op} "${node.name}" has no gradient: the network cannot be trained`);
  }
  return found;
}
