import { intConstant, makeConstant } from '../constant.ts';
import { dataTypeOf } from '../element-types.ts';
import { nodeError } from '../file-node.ts';
import { dataTypeName, kindOf, readTensor } from '../tensors.ts';
import { type Fold, operand } from './folder.ts';

const constant: Fold = (node) => {
  const { attributes } = node;
  const tensor = attributes.tensor('value');
  // Data files are for weights; a Constant node has its value with it.
  if (tensor) return readTensor(tensor, node.outputs[0] ?? node.name, undefined);
  if (attributes.has('value_int')) return { ...intConstant([attributes.int('value_int')]), dims: [] };
  const ints = attributes.ints('value_ints');
  if (ints) return intConstant(ints);
  if (attributes.has('value_float'))
    return makeConstant('float', [], 1, () => attributes.float('value_float'));
  const floats = attributes.floats('value_floats');
  if (floats) return makeConstant('float', [floats.length], floats.length, (i) => floats[i] ?? 0);
  throw nodeError(node, 'its value is neither a tensor nor a number');
};

const constantOfShape: Fold = (node, inputs) => {
  const tensor = node.attributes.tensor('value');
  const value = tensor ? readTensor(tensor, node.name, undefined) : makeConstant('float', [1], 1);
  return makeConstant(value, [...operand(node, inputs, 0).data], 0, () => value.data[0] ?? 0);
};

const range: Fold = (node, inputs) => {
  const [start = 0, limit = 0, delta = 0] = [0, 1, 2].map((i) => operand(node, inputs, i).data[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!Number.isFinite(count)) throw nodeError(node, `a range in steps of ${delta} has no end`);
  return makeConstant(operand(node, inputs, 0), [count], 0, (i) => start + i * delta);
};

const cast: Fold = (node, inputs) => {
  const x = operand(node, inputs, 0);
  const kind = kindOf(node.attributes.int('to'));
  if (!kind) throw nodeError(node, `a cast to ${dataTypeName(node.attributes.int('to'))} is not supported`);
  const convert = { float: (v: number) => v, int: Math.trunc, bool: (v: number) => (v ? 1 : 0) }[kind];
  const type = kind === 'int' ? dataTypeOf(node.attributes.int('to')) : undefined;
  if (kind === x.kind && type === x.type) return x;
  return makeConstant({ kind, type }, x.dims, x.data.length, (i) => convert(x.data[i] ?? 0));
};

const identity: Fold = (node, inputs) => operand(node, inputs, 0);

export const sourceFolds: Readonly<Record<string, Fold>> = {
  Cast: cast,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Identity: identity,
  Range: range,
};
