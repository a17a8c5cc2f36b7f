import { makeConstant } from '../constant.ts';
import { type FileNode, nodeError, WithoutRule } from '../file-node.ts';
import { requiredInput, scalarInput } from '../operands.ts';
import { dataTypeName, kindOf } from '../tensors.ts';
import type { Walk } from '../walk.ts';
import { type NormalForm, plain } from './form.ts';

const LARGEST_FLOAT = 3.4028234663852886e38;

const clip: NormalForm = (node, walk) => {
  const older = (name: string) => (node.attributes.has(name) ? node.attributes.float(name) : undefined);
  const [min, max] = [scalarInput(walk, node, 1) ?? older('min'), scalarInput(walk, node, 2) ?? older('max')];
  const attributes = {
    ...(min !== undefined && Math.fround(min) > -LARGEST_FLOAT ? { min } : {}),
    ...(max !== undefined && Math.fround(max) < LARGEST_FLOAT ? { max } : {}),
  };
  if (Object.keys(attributes).length === 0) walk.drop(node);
  else walk.emit(node, { inputs: [requiredInput(node, 0)], attributes });
};

/** Floats of any width are single precision here, so a cast between them does nothing. */
function castToFloat(node: FileNode, walk: Walk): void {
  const x = requiredInput(node, 0);
  if (walk.type(x) === 'float32') walk.drop(node);
  else walk.emit(node, { op: 'Cast', inputs: [x] });
}

const castLike: NormalForm = (node, walk) => {
  const type = walk.type(requiredInput(node, 1));
  if (type !== 'float32') throw new WithoutRule(`it computes numbers of type ${type}`);
  castToFloat(node, walk);
};

const cast: NormalForm = (node, walk) => {
  const to = node.attributes.int('to');
  if (kindOf(to) !== 'float') throw new WithoutRule(`it computes numbers of type ${dataTypeName(to)}`);
  castToFloat(node, walk);
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

/** x times the sigmoid of alpha x. */
const swish: NormalForm = (node, walk) => {
  const x = requiredInput(node, 0);
  const alpha = node.attributes.float('alpha', 1);
  const factor = (): string =>
    walk.derived(
      `${node.name}/alpha`,
      makeConstant('float', [], 1, () => alpha),
    );
  const scaled = alpha === 1 ? x : walk.before(node, 'Mul', [x, factor()]);
  walk.emit(node, { op: 'Mul', inputs: [x, walk.before(node, 'Sigmoid', [scaled])] });
};

const alpha = (fallback: number): NormalForm =>
  plain((node) => ({ alpha: node.attributes.float('alpha', fallback) }));

const where: NormalForm = (node, walk) => {
  const inputs = [0, 1, 2].map((i) => requiredInput(node, i));
  walk.emit(node, { inputs, typed: [0] });
};

const gelu = plain((node) => {
  const approximate = node.attributes.string('approximate', 'none');
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw nodeError(node, `approximation "${approximate}" is not supported`);
  }
  return { approximate };
});

const withoutAttributes = [
  ...['Abs', 'Erf', 'Exp', 'HardSwish', 'Log', 'Mish', 'Neg', 'Reciprocal', 'Relu', 'Sigmoid', 'Softplus'],
  ...['Softsign', 'Sqrt', 'Tanh', 'Add', 'Div', 'Mul', 'Pow', 'PRelu', 'Sub', 'MatMul'],
  ...['GlobalAveragePool', 'GlobalMaxPool'],
];

export const pointwiseForms: Readonly<Record<string, NormalForm>> = {
  ...Object.fromEntries(withoutAttributes.map((op) => [op, plain()])),
  Cast: cast,
  CastLike: castLike,
  Celu: alpha(1),
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
  Selu: plain(({ attributes }) => ({
    alpha: attributes.float('alpha', 1.67326319),
    gamma: attributes.float('gamma', 1.05070102),
  })),
  Sum: chain('Add'),
  Swish: swish,
  Where: where,
};
