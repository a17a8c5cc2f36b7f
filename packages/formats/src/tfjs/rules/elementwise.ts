import { TensorProto_DataType } from '../../onnx/generated/onnx_pb.ts';
import { tensorFields } from '../../onnx/tensors.ts';
import { float, int, tensor } from '../attributes.ts';
import type { GraphNode } from '../node-def.ts';
import type { Rule, Translation } from '../translation.ts';
import { isChannelsLast } from './windows.ts';

/** The same operation under ONNX's name. */
const same =
  (op: string, count: number): Rule =>
  (node, to) => {
    const inputs = Array.from({ length: count }, (_, i) => node.input(i));
    to.result(node, op, inputs);
  };

const unary: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...[
        'Abs',
        'Acos',
        'Acosh',
        'Asin',
        'Asinh',
        'Atan',
        'Atanh',
        'Ceil',
        'Cos',
        'Cosh',
        'Elu',
        'Erf',
        'Exp',
      ],
      ...['Floor', 'Identity', 'Log', 'Neg', 'Reciprocal', 'Relu', 'Round', 'Selu', 'Sigmoid', 'Sign', 'Sin'],
      ...['Sinh', 'Softplus', 'Softsign', 'Sqrt', 'Tan', 'Tanh'],
    ].map((op) => [op, op]),
  ),
  CheckNumerics: 'Identity',
  Inv: 'Reciprocal',
  IsNan: 'IsNaN',
  LogicalNot: 'Not',
  PreventGradient: 'Identity',
  Snapshot: 'Identity',
  StopGradient: 'Identity',
};

const binary: Readonly<Record<string, string>> = {
  Add: 'Add',
  AddV2: 'Add',
  Div: 'Div',
  Equal: 'Equal',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  Maximum: 'Max',
  Minimum: 'Min',
  Mul: 'Mul',
  Pow: 'Pow',
  Prelu: 'PRelu',
  RealDiv: 'Div',
  Sub: 'Sub',
};

const isFloat = (node: GraphNode) =>
  ['DT_DOUBLE', 'DT_FLOAT', 'DT_HALF'].includes(node.type('T', 'DT_FLOAT'));

/** Types of TensorFlow.js as ONNX numbers them. */
const types: Readonly<Record<string, TensorProto_DataType>> = {
  DT_BOOL: TensorProto_DataType.BOOL,
  // TensorFlow.js has no doubles.
  DT_DOUBLE: TensorProto_DataType.FLOAT,
  DT_FLOAT: TensorProto_DataType.FLOAT,
  DT_HALF: TensorProto_DataType.FLOAT,
  DT_INT32: TensorProto_DataType.INT32,
  DT_INT64: TensorProto_DataType.INT32,
  DT_UINT8: TensorProto_DataType.UINT8,
};

export function typeOf(node: GraphNode, name: string, fallback = 'DT_FLOAT'): TensorProto_DataType {
  const type = node.type(name, fallback);
  const own = types[type];
  if (own === undefined) throw node.error(`numbers of type ${type} are not read`);
  return own;
}

const biasAdd: Rule = (node, to) => {
  const [x, bias] = [node.input(0), node.input(1)];
  if (to.biases.get(x) === node) return;
  if (isChannelsLast(node)) to.result(node, 'Add', [x, bias]);
  else {
    const shape = to.int64s(`${node.name}/bias_shape`, [-1, 1, 1]);
    to.result(node, 'Add', [x, to.step(node, 'Reshape', [bias, shape])]);
  }
};

const addN: Rule = (node, to) => {
  const [first = node.input(0), ...others] = node.inputs;
  const last = others.pop();
  if (last === undefined) to.result(node, 'Identity', [first]);
  else to.result(node, 'Add', [others.reduce((sum, x) => to.step(node, 'Add', [sum, x]), first), last]);
};

const squaredDifference: Rule = (node, to) => {
  const difference = to.step(node, 'Sub', [node.input(0), node.input(1)]);
  to.result(node, 'Mul', [difference, difference]);
};

/** Towards minus infinity, which ONNX's division of whole numbers does not. */
const floorDiv: Rule = (node, to) => {
  const [a, b] = [node.input(0), node.input(1)];
  if (isFloat(node)) to.result(node, 'Floor', [to.step(node, 'Div', [a, b])]);
  else to.result(node, 'Div', [to.step(node, 'Sub', [a, to.step(node, 'Mod', [a, b])]), b]);
};

const floorMod: Rule = (node, to) => {
  const [a, b] = [node.input(0), node.input(1)];
  if (!isFloat(node)) to.result(node, 'Mod', [a, b]);
  else {
    const whole = to.step(node, 'Floor', [to.step(node, 'Div', [a, b])]);
    to.result(node, 'Sub', [a, to.step(node, 'Mul', [whole, b])]);
  }
};

/** Nothing of what is divided by zero. */
const divNoNan: Rule = (node, to) => {
  const [a, b] = [node.input(0), node.input(1)];
  const zero = to.number(`${node.name}/zero`, 0);
  const isZero = to.step(node, 'Equal', [b, zero]);
  to.result(node, 'Where', [isZero, zero, to.step(node, 'Div', [a, b])]);
};

const mod: Rule = (node, to) => to.result(node, 'Mod', [node.input(0), node.input(1)], { fmod: int(1) });

const leakyRelu: Rule = (node, to) =>
  to.result(node, 'LeakyRelu', [node.input(0)], { alpha: float(node.float('alpha', 0.2)) });

const relu6: Rule = (node, to) =>
  to.result(node, 'Clip', [
    node.input(0),
    to.number(`${node.name}/min`, 0),
    to.number(`${node.name}/max`, 6),
  ]);

/** An operation on the one before, both of the same value. */
const after =
  (outer: string, inner: string): Rule =>
  (node, to) =>
    to.result(node, outer, [to.step(node, inner, [node.input(0)])]);

const cast: Rule = (node, to) => to.result(node, 'Cast', [node.input(0)], { to: int(typeOf(node, 'DstT')) });

/** As many of one number as a value has. */
const filledLike =
  (value: number): Rule =>
  (node, to) => {
    const shape = to.step(node, 'Shape', [node.input(0)]);
    const one = tensor(tensorFields(typeOf(node, 'T'), { dims: [1], data: [value] }));
    to.result(node, 'ConstantOfShape', [shape], { value: one });
  };

/** By the quadrant in which (x, y) lies; ONNX has the tangent's inverse alone. */
const atan2: Rule = (node, to) => {
  const [y, x] = [node.input(0), node.input(1)];
  const number = (as: string, value: number) => to.number(`${node.name}/${as}`, value);
  const [zero, pi, minusPi] = [number('zero', 0), number('pi', Math.PI), number('minus_pi', -Math.PI)];
  const angle = to.step(node, 'Atan', [to.step(node, 'Div', [y, x])]);
  const half = to.step(node, 'Where', [to.step(node, 'Less', [y, zero]), minusPi, pi]);
  const turn = to.step(node, 'Where', [to.step(node, 'Less', [x, zero]), half, zero]);
  const both = to.step(node, 'And', [isZero(node, to, x, zero), isZero(node, to, y, zero)]);
  to.result(node, 'Where', [both, zero, to.step(node, 'Add', [angle, turn])]);
};

function isZero(node: GraphNode, to: Translation, value: string, zero: string): string {
  return to.step(node, 'Equal', [value, zero]);
}

/** ONNX's rule for Clip wants its limits without axes, as TensorFlow has them. */
const clip: Rule = (node, to) => to.result(node, 'Clip', [node.input(0), node.input(1), node.input(2)]);

export const elementwiseRules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.entries(unary).map(([op, own]) => [op, same(own, 1)])),
  ...Object.fromEntries(Object.entries(binary).map(([op, own]) => [op, same(own, 2)])),
  AddN: addN,
  Atan2: atan2,
  BiasAdd: biasAdd,
  Cast: cast,
  ClipByValue: clip,
  Expm1: (node, to) =>
    to.result(node, 'Sub', [to.step(node, 'Exp', [node.input(0)]), to.number(`${node.name}/one`, 1)]),
  DivNoNan: divNoNan,
  FloorDiv: floorDiv,
  FloorMod: floorMod,
  LeakyRelu: leakyRelu,
  Log1p: (node, to) =>
    to.result(node, 'Log', [to.step(node, 'Add', [node.input(0), to.number(`${node.name}/one`, 1)])]),
  Mod: mod,
  NotEqual: (node, to) => to.result(node, 'Not', [to.step(node, 'Equal', [node.input(0), node.input(1)])]),
  OnesLike: filledLike(1),
  Relu6: relu6,
  Rsqrt: after('Reciprocal', 'Sqrt'),
  Select: same('Where', 3),
  SelectV2: same('Where', 3),
  Square: (node, to) => to.result(node, 'Mul', [node.input(0), node.input(0)]),
  SquaredDifference: squaredDifference,
  ZerosLike: filledLike(0),
};
