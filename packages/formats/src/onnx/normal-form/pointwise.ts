import { nodeError } from '../file-node.ts';
import { requiredInput, scalarInput } from '../operands.ts';
import { dataTypeName, kindOf } from '../tensors.ts';
import { type NormalForm, plain } from './form.ts';

const LARGEST_FLOAT = 3.4028234663852886e38;

const clip: NormalForm = (node, walk) => {
  const [min, max] = [scalarInput(walk, node, 1), scalarInput(walk, node, 2)];
  const attributes = {
    ...(min !== undefined && Math.fround(min) > -LARGEST_FLOAT ? { min } : {}),
    ...(max !== undefined && Math.fround(max) < LARGEST_FLOAT ? { max } : {}),
  };
  if (Object.keys(attributes).length === 0) walk.drop(node);
  else walk.emit(node, { inputs: [requiredInput(node, 0)], attributes });
};

/** Floats of any width are single precision here, so a cast between them does nothing. */
const cast: NormalForm = (node, walk) => {
  const to = node.attributes.int('to');
  if (kindOf(to) !== 'float') throw nodeError(node, `computed values are floats, not ${dataTypeName(to)}`);
  walk.drop(node);
};

const dropout: NormalForm = (node, walk) => {
  if (node.inputs[2] && scalarInput(walk, node, 2) !== 0) {
    throw nodeError(node, 'it is in training mode; export the model in evaluation mode');
  }
  walk.drop(node);
};

/** Operands one by one: the operation of many becomes a chain of that of two. */
function chain(op: string): NormalForm {
  return (node, walk) => {
    const [first = requiredInput(node, 0), ...others] = node.inputs;
    const last = others.pop();
    if (last === undefined) {
      walk.drop(node);
      return;
    }
    const sum = others.reduce((before, value) => walk.before(node, op, [before, value]), first);
    walk.emit(node, { op, inputs: [sum, last] });
  };
}

const alpha = (fallback: number): NormalForm =>
  plain((node) => ({ alpha: node.attributes.float('alpha', fallback) }));

const gelu = plain((node) => {
  const approximate = node.attributes.string('approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw nodeError(node, `approximation "${approximate}" is not supported`);
  }
  return { approximate };
});

const withoutAttributes = [
  ...['Abs', 'Erf', 'Exp', 'HardSwish', 'Log', 'Mish', 'Neg', 'Reciprocal', 'Relu', 'Sigmoid', 'Softplus'],
  ...['Sqrt', 'Tanh', 'Add', 'Div', 'Mul', 'Pow', 'PRelu', 'Sub', 'MatMul'],
  ...['GlobalAveragePool', 'GlobalMaxPool'],
];

export const pointwiseForms: Readonly<Record<string, NormalForm>> = {
  ...Object.fromEntries(withoutAttributes.map((op) => [op, plain()])),
  Cast: cast,
  CastLike: (node, walk) => walk.drop(node),
  Clip: clip,
  Dropout: dropout,
  Elu: alpha(1),
  Gelu: gelu,
  HardSigmoid: plain(({ attributes }) => ({
    alpha: attributes.float('alpha', 0.2),
    beta: attributes.float('beta', 0.5),
  })),
  Identity: (node, walk) => walk.drop(node),
  LeakyRelu: alpha(0.01),
  Max: chain('Max'),
  Min: chain('Min'),
  Sum: chain('Add'),
};
