import { attr } from '../graph-attributes.ts';
import type { Building } from './building.ts';
import type { Settings } from './config.ts';

/** Activations that are an operation of a graph. */
const plain: Readonly<Record<string, string>> = {
  elu: 'Elu',
  exponential: 'Exp',
  relu: 'Relu',
  relu6: 'Relu6',
  selu: 'Selu',
  sigmoid: 'Sigmoid',
  softmax: 'Softmax',
  softplus: 'Softplus',
  softsign: 'Softsign',
  tanh: 'Tanh',
};

/** Those that a convolution or a product takes with it. */
export const fusable: Readonly<Record<string, string>> = {
  elu: 'Elu',
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
};

/** The activation of this name, under the name of the layer's value. */
export function activation(to: Building, settings: Settings, which: string, x: string, name: string): void {
  const own = which.toLowerCase();
  const number = (as: string, value: number) => to.floats(`${name}/${as}`, [value]);
  const op = Object.hasOwn(plain, own) ? plain[own] : undefined;
  if (own === 'linear') to.node('Identity', [x], name);
  else if (op !== undefined) to.node(op, [x], name);
  else if (own === 'leaky_relu') to.node('LeakyRelu', [x], name, { alpha: attr.float(0.2) });
  else if (own === 'swish' || own === 'silu')
    to.node('Mul', [x, to.node('Sigmoid', [x], `${name}/Sigmoid`)], name);
  else if (own === 'mish') {
    const soft = to.node('Softplus', [x], `${name}/Softplus`);
    to.node('Mul', [x, to.node('Tanh', [soft], `${name}/Tanh`)], name);
  } else if (own === 'hard_sigmoid' || own === 'hardsigmoid') {
    const slope = to.dialect === 'keras3' ? 1 / 6 : 0.2;
    const scaled = to.node('Mul', [x, number('slope', slope)], `${name}/Mul`);
    const shifted = to.node('AddV2', [scaled, number('half', 0.5)], `${name}/Add`);
    to.node('ClipByValue', [shifted, number('zero', 0), number('one', 1)], name);
  } else if (own === 'gelu') {
    const scaled = to.node('Mul', [x, number('root', Math.SQRT1_2)], `${name}/Mul`);
    const share = to.node(
      'AddV2',
      [to.node('Erf', [scaled], `${name}/Erf`), number('one', 1)],
      `${name}/Add`,
    );
    to.node('Mul', [to.node('Mul', [x, number('half', 0.5)], `${name}/Half`), share], name);
  } else throw settings.error(`activation "${which}" is not read`);
}
