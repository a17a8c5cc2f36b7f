import { InputError } from '@espalier/errors';
import type { Emission } from '../emission.ts';
import { arithmeticEmissions } from './arithmetic.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';
import { gemm, matMul } from './dense.ts';
import {
  batchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  lrn,
} from './normalization.ts';
import { pad } from './pad.ts';
import { pointwiseEmissions } from './pointwise.ts';
import { averagePool, globalAveragePool, globalMaxPool, maxPool } from './pool.ts';
import { reduceMax, reduceMean, reduceSum } from './reduce.ts';
import { resize } from './resize.ts';
import { concat, flatten, gather, reshape, slice, split, transpose } from './shape.ts';
import { logSoftmax, softmax } from './softmax.ts';

const all = [
  ...arithmeticEmissions,
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
  ...pointwiseEmissions,
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

// Each emission is written for its own attributes; a node carries the name that goes with them.
const registry = new Map(all.map((emission) => [emission.op, emission as unknown as Emission]));

export function emissionOf(node: { readonly op: string; readonly name: string }): Emission {
  const emission = registry.get(node.op);
  if (!emission) throw new InputError(`TensorFlow.js cannot run operation ${node.op} of node "${node.name}"`);
  return emission;
}
