import type { Attributes, Node } from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import type { GraphWriter } from './graph-writer.ts';
import { through, type WriteRule } from './rule.ts';

type Alpha = Attributes & { readonly alpha: number };
type Line = Alpha & { readonly beta: number };
type Scaled = Alpha & { readonly gamma: number };
type Bounds = Attributes & { readonly min?: number; readonly max?: number };
type Last = readonly [op: string, inputs: readonly string[], attributes?: object];

/** The same operation, of one value. */
const same = (op: string): WriteRule => through((x) => [op, [x]]);

/** Made of several operations. */
class Steps {
  readonly node: Node;
  readonly to: GraphWriter;

  constructor(node: Node, to: GraphWriter) {
    this.node = node;
    this.to = to;
  }

  of(op: string, a: string, b?: string | number): string {
    return this.to.step(this.node, op, b === undefined ? [a] : [a, this.named(b)]);
  }

  named(b: string | number): string {
    return typeof b === 'number' ? this.to.number(b) : b;
  }
}

/** In so many steps, the last of which is the result. */
const made = <A extends Attributes>(make: (x: string, s: Steps, attributes: A) => Last): WriteRule =>
  through<A>((x, node, to) => make(x, new Steps(node as unknown as Node, to), node.attributes));

/** alpha * (exp(min(x, 0) / by) - 1) + max(x, 0) */
function elu(x: string, s: Steps, alpha: number, by: number): Last {
  const below = s.of('Minimum', x, 0);
  const share = by === 1 ? below : s.of('RealDiv', below, by);
  const bent = s.of('Mul', s.of('Expm1', share), alpha);
  return ['AddV2', [s.of('Relu', x), bent]];
}

function hardSigmoid(x: string, s: Steps, slope: number, shift: number): Last {
  const line = s.of('AddV2', s.of('Mul', x, slope), shift);
  return ['ClipByValue', [line, s.named(0), s.named(1)]];
}

/** By the normal distribution's cumulative function; Hendrycks and Gimpel, arXiv 1606.08415, section 2, for the other. */
function gelu(x: string, s: Steps, approximate: string): Last {
  const half = s.of('Mul', x, 0.5);
  if (approximate !== 'tanh')
    return ['Mul', [half, s.of('AddV2', s.of('Erf', s.of('Mul', x, Math.SQRT1_2)), 1)]];
  const cubic = s.of('AddV2', x, s.of('Mul', s.of('Mul', s.of('Mul', x, x), x), 0.044715));
  return ['Mul', [half, s.of('AddV2', s.of('Tanh', s.of('Mul', cubic, Math.sqrt(2 / Math.PI))), 1)]];
}

function clip(x: string, s: Steps, { min, max }: Bounds): Last {
  if (min === 0 && max === 6) return ['Relu6', [x]];
  if (min !== undefined && max !== undefined) return ['ClipByValue', [x, s.named(min), s.named(max)]];
  if (min !== undefined) return ['Maximum', [x, s.named(min)]];
  return max === undefined ? ['Identity', [x]] : ['Minimum', [x, s.named(max)]];
}

const plain = [
  ...[
    'Abs',
    'Erf',
    'Exp',
    'Identity',
    'Log',
    'Neg',
    'Reciprocal',
    'Relu',
    'Sigmoid',
    'Softplus',
    'Sqrt',
    'Tanh',
  ],
].map((op) => [op, same(op)] as const);

/** alpha and gamma of Selu, which is the only one that the graph has. */
const SELU = [1.67326, 1.0507] as const;

export const pointwiseRules: Readonly<Record<string, WriteRule>> = {
  ...Object.fromEntries(plain),
  Cast: through((x) => ['Cast', [x], { DstT: attr.type('DT_FLOAT') }]),
  Celu: made<Alpha>((x, s, { alpha }) => elu(x, s, alpha, alpha)),
  Clip: made<Bounds>(clip),
  Elu: made<Alpha>((x, s, { alpha }) => (alpha === 1 ? ['Elu', [x]] : elu(x, s, alpha, 1))),
  Gelu: made<Attributes & { readonly approximate: string }>((x, s, { approximate }) =>
    gelu(x, s, approximate),
  ),
  HardSigmoid: made<Line>((x, s, { alpha, beta }) => hardSigmoid(x, s, alpha, beta)),
  HardSwish: made((x, s) => {
    const [op, inputs] = hardSigmoid(x, s, 1 / 6, 0.5);
    return ['Mul', [x, s.to.step(s.node, op, inputs)]];
  }),
  LeakyRelu: through<Alpha>((x, { attributes }) => [
    'LeakyRelu',
    [x],
    { alpha: attr.float(attributes.alpha) },
  ]),
  Mish: made((x, s) => ['Mul', [x, s.of('Tanh', s.of('Softplus', x))]]),
  Selu: made<Scaled>((x, s, { alpha, gamma }) => {
    if (Math.abs(alpha - SELU[0]) < 1e-5 && Math.abs(gamma - SELU[1]) < 1e-4) return ['Selu', [x]];
    const [op, inputs] = elu(x, s, alpha, 1);
    return ['Mul', [s.to.step(s.node, op, inputs), s.named(gamma)]];
  }),
  Softsign: made((x, s) => ['RealDiv', [x, s.of('AddV2', s.of('Abs', x), 1)]]),
};
