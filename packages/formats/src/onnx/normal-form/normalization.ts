import { axisFromFront } from '../axes.ts';
import type { Constant } from '../constant.ts';
import { type FileNode, nodeError, WithoutRule } from '../file-node.ts';
import { fixedInput, requiredInput } from '../operands.ts';
import type { Walk } from '../walk.ts';
import { givenInputs, type NormalForm, plain } from './form.ts';

const epsilon = ({ attributes }: FileNode) => ({ epsilon: attributes.float('epsilon', 1e-5) });

const batchNormalization: NormalForm = (node, walk) => {
  if (node.attributes.int('training_mode', 0)) {
    throw nodeError(node, 'it is in training mode; export the model in evaluation mode');
  }
  if (node.attributes.int('spatial', 1) === 0) {
    throw new WithoutRule('its statistics are those of single pixels (spatial 0)');
  }
  checkPerChannel(node, walk, [1, 2, 3, 4]);
  walk.emit(node, { inputs: givenInputs(node), attributes: epsilon(node) });
};

const instanceNormalization: NormalForm = (node, walk) => {
  checkPerChannel(node, walk, [1, 2]);
  walk.emit(node, { inputs: givenInputs(node), attributes: epsilon(node) });
};

const layerNormalization: NormalForm = (node, walk) => {
  const [shape] = walk.shapes(requiredInput(node, 0));
  const axis = axisFromFront(node, node.attributes.int('axis', -1), shape.length);
  for (const value of givenInputs(node).slice(1)) {
    const [own] = walk.shapes(value);
    if (`${own}` !== `${shape.slice(axis)}`) {
      throw new WithoutRule(`"${value}" has shape [${own}], not that of its axes, [${shape.slice(axis)}]`);
    }
  }
  walk.emit(node, { inputs: givenInputs(node), attributes: { axis, ...epsilon(node) } });
};

const groupNormalization: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const num_groups = node.attributes.int('num_groups');
  const channels = walk.shapes(x)[0][1] ?? 0;
  if (num_groups < 1 || channels % num_groups !== 0) {
    throw nodeError(
      node,
      `the channels of its input [${walk.shapes(x)[0]}] cannot be divided into ${num_groups} groups`,
    );
  }
  // Before operation set 21 scale and shift had one value a group.
  const inputs = walk.opset < 21 ? perChannel(node, walk, channels / num_groups) : givenInputs(node).slice(1);
  const attributes = { num_groups, ...epsilon(node) };
  const { op, name, outputs } = node;
  checkPerChannel({ ...node, op, name, outputs, inputs: [x, ...inputs] }, walk, [1, 2]);
  walk.emit(node, { inputs: [x, ...inputs], attributes });
};

function perChannel(node: FileNode, walk: Walk, size: number): string[] {
  return [1, 2].map((index) => {
    const stem = requiredInput(node, index);
    const constant = fixedInput(walk, node, index);
    if (!constant) throw nodeError(node, `input ${index} is missing`);
    return size === 1 ? stem : walk.derived(`${stem}_channels`, repeated(constant, size));
  });
}

function repeated({ kind, dims, data }: Constant, times: number): Constant {
  const out = Float32Array.from({ length: data.length * times }, (_, i) => data[Math.floor(i / times)] ?? 0);
  return { kind, dims: dims.map((extent) => extent * times), data: out };
}

function checkPerChannel(node: FileNode, walk: Walk, indices: readonly number[]): void {
  const channels = walk.shapes(requiredInput(node, 0))[0][1];
  for (const index of indices) {
    const value = requiredInput(node, index);
    const [shape] = walk.shapes(value);
    if (shape.length !== 1 || shape[0] !== channels) {
      throw nodeError(
        node,
        `"${value}" has shape [${shape}], but its input has ${channels ?? 'no'} channels`,
      );
    }
  }
}

const lrn = plain(({ attributes }) => ({
  size: attributes.int('size'),
  alpha: attributes.float('alpha', 1e-4),
  beta: attributes.float('beta', 0.75),
  bias: attributes.float('bias', 1),
}));

export const normalizationForms: Readonly<Record<string, NormalForm>> = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LRN: lrn,
};
