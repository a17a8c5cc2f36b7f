import { InputError } from '@espalier/errors';
import { type FileNode, nodeError } from '../file-node.ts';
import { constantInput, requiredInput } from '../operands.ts';
import type { NormalForm } from './form.ts';
import { checkBias, weightWindow } from './windows.ts';

/** The domain of nodes that a TensorFlow graph has and ONNX has no word for. */
export const TENSORFLOW = 'tensorflow';

/**
 * A convolution's gradient, whose output is as large as its last input says: [x, weight, bias, height and width].
 * `padding` is that of the convolution. Where its windows do not reach the end, zeros follow.
 */
const conv2DBackpropInput: NormalForm = (node, walk) => {
  const window = weightWindow(node, walk);
  const { kernel, strides, dilations } = window;
  const space = walk.shapes(requiredInput(node, 0))[0].slice(2);
  const sizes = constantInput(walk, node, 3)?.[0].data;
  if (sizes?.length !== 2) throw nodeError(node, 'the size of its output is missing');
  const same = node.attributes.string('padding') === 'SAME';
  const totals = kernel.map(
    (extent, i) =>
      ((space[i] ?? 1) - 1) * (strides[i] ?? 1) + (extent - 1) * (dilations[i] ?? 1) + 1 - (sizes[i] ?? 0),
  );
  const given = node.attributes.ints('pads');
  const begins = totals.map((total, i) => given?.[i] ?? (same ? Math.floor(Math.max(0, total) / 2) : 0));
  const ends = totals.map((total, i) => total - (begins[i] ?? 0));
  const output_padding = ends.map((end) => Math.max(0, -end));
  if (output_padding.some((rest, i) => rest >= Math.max(strides[i] ?? 1, dilations[i] ?? 1))) {
    throw nodeError(
      node,
      `an output of ${sizes.join(' x ')} pixels does not fit its input of ${space.join(' x ')}`,
    );
  }
  const bias = node.inputs[2] || undefined;
  if (bias) checkBias(node, walk, walk.shapes(requiredInput(node, 1))[0][1] ?? 0);
  const pads = [...begins, ...ends.map((end) => Math.max(0, end))];
  walk.emit(node, {
    op: 'ConvTranspose',
    inputs: [requiredInput(node, 0), requiredInput(node, 1), ...(bias ? [bias] : [])],
    attributes: { strides, pads, dilations, group: 1, output_padding },
  });
};

export const tensorflowForms: Readonly<Record<string, NormalForm>> = {
  [`${TENSORFLOW}.Conv2DBackpropInput`]: conv2DBackpropInput,
};

const LOOPS = /^(Ref)?(Enter|Exit|NextIteration)$|^LoopCond$|While$|^Tensor(Array|List)/;
const BRANCHES = /^(Ref)?(Switch|Merge)$|^(Stateless)?(If|Case)$/;

/** Why a node of TensorFlow cannot be read, and what to do. */
export function refusal({ op, name, inputs, attributes }: FileNode): InputError {
  const own = op.slice(TENSORFLOW.length + 1);
  if (attributes.has('why')) return new InputError(attributes.string('why'));
  const why = LOOPS.test(own)
    ? 'it is part of a loop, and loops are not read'
    : BRANCHES.test(own)
      ? 'its branch depends on the data'
      : 'this operation is not read';
  const before = inputs[0] ? ` ("${inputs[0]}")` : '';
  return nodeError(
    { op: own, name },
    why,
    `end the network before it (--output VALUE${before}), begin after it (--input VALUE=1x224x224x3), or set the input that decides it to a number (--set NAME=NUMBER)`,
  );
}
