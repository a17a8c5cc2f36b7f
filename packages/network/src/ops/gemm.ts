import { inputOf, outputOf } from '../network.ts';
import type { Operation } from '../operation.ts';
import { sizeOf } from '../tensor.ts';

/** Dense layer: alpha * x [n, in] * weight ([out, in] with transB 1, else [in, out]) + beta * bias? [out]. */
export type GemmAttributes = { readonly transB: number; readonly alpha: number; readonly beta: number };

export const gemm: Operation<GemmAttributes> = {
  op: 'Gemm',

  shapes(node, [x = [], w = []]) {
    const [from, to] = node.attributes.transB ? [w[1], w[0]] : [w[0], w[1]];
    if (x.length !== 2 || w.length !== 2 || x[1] !== from || to === undefined) {
      throw new Error(
        `input [${x}] does not fit weight [${w}]${node.attributes.transB ? ' (transposed)' : ''}`,
      );
    }
    return [[x[0] ?? 0, to]];
  },

  couple(node, coupler) {
    const [x, w, bias] = [inputOf(node, 0), inputOf(node, 1), node.inputs[2]];
    const outAxis = node.attributes.transB ? 0 : 1;
    const incoming = coupler.labels(x, 1);
    const out = coupler.fresh(coupler.shape(w)[outAxis] ?? 0);
    coupler.bind(w, 1 - outAxis, incoming);
    coupler.bind(w, outAxis, out);
    const biasShape = bias === undefined ? [] : coupler.shape(bias);
    if (bias !== undefined && biasShape.at(-1) === out.length) coupler.bind(bias, biasShape.length - 1, out);
    coupler.consume(node, x, 1, incoming);
    coupler.produce(node, w, outAxis, out);
    coupler.label(outputOf(node), 1, out);
  },

  weight: (node, shapeOf) => ({
    tensor: inputOf(node, 1),
    positions: sizeOf(shapeOf(inputOf(node, 0)).slice(0, -1)),
  }),

  parameters: (node) => node.inputs.slice(1),
};
