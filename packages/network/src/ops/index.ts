import type { Operation } from '../operation.ts';
import { arithmeticOperations } from './arithmetic.ts';
import { concat } from './concat.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';
import { gather } from './gather.ts';
import { gemm } from './gemm.ts';
import { matMul } from './matmul.ts';
import {
  batchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  lrn,
} from './normalization.ts';
import { pad } from './pad.ts';
import { pointwiseOperations } from './pointwise.ts';
import { averagePool, globalAveragePool, globalMaxPool, maxPool } from './pool.ts';
import { reduceMax, reduceMean, reduceSum } from './reduce.ts';
import { flatten, reshape } from './reshape.ts';
import { resize } from './resize.ts';
import { slice } from './slice.ts';
import { logSoftmax, softmax } from './softmax.ts';
import { split } from './split.ts';
import { transpose } from './transpose.ts';

const all = [
  ...arithmeticOperations,
  averagePool,
  batchNormalization,
  concat,
  conv,
  convTranspose,
  flatten,
  gather,
  gemm,
  globalAveragePool,
  globalMaxPool,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  logSoftmax,
  lrn,
  matMul,
  maxPool,
  pad,
  ...pointwiseOperations,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  resize,
  slice,
  softmax,
  split,
  transpose,
];

// Each operation is written for its own attributes; a node carries the name that goes with them.
const registry = new Map(all.map((operation) => [operation.op, operation as unknown as Operation]));

export const supportedOperations: readonly string[] = [...registry.keys()].sort();

/** The rules of an operation, or undefined for one that is not supported. */
export function findOperation(op: string): Operation | undefined {
  return registry.get(op);
}

export function operationOf(node: { readonly op: string; readonly name: string }): Operation {
  const operation = registry.get(node.op);
  if (!operation) throw new Error(`operation ${node.op} of node "${node.name}" is not supported`);
  return operation;
}
