import { encodeGraph } from '@espalier/formats';
import { namedNode } from '@espalier/network';
import { loadOnnxRuntime } from './onnxruntime.ts';
import { createSession } from './onnxruntime-session.ts';

/** Products of matrices in double precision, of whatever size, by ONNX Runtime: linear algebra beside a network. */
export interface DoubleProduct {
  /**
   * @param a [rows, inner], row by row
   * @param b [inner, columns]
   * @returns [rows, columns]
   */
  multiply(a: Float64Array, b: Float64Array, inner: number): Promise<Float64Array>;
  dispose(): Promise<void>;
}

export async function openDoubleProduct(threads: number): Promise<DoubleProduct> {
  const ort = await loadOnnxRuntime();
  const value = (name: string, rows: string, columns: string) =>
    ({ name, shape: [rows, columns], type: 'float64' }) as const;
  const graph = encodeGraph({
    name: 'product',
    nodes: [namedNode('MatMul', ['a', 'b'], 'ab')],
    inputs: [value('a', 'rows', 'inner'), value('b', 'inner', 'columns')],
    outputs: [value('ab', 'rows', 'columns')],
    constants: new Map(),
  });
  const session = await createSession(ort, graph, 'multiply matrices', { intraOpNumThreads: threads });
  return {
    async multiply(a, b, inner) {
      const matrix = (data: Float64Array, dims: readonly [number, number]) =>
        new ort.Tensor('float64', data, dims);
      const feeds = {
        a: matrix(a, [a.length / inner, inner]),
        b: matrix(b, [inner, b.length / inner]),
      };
      const { ab } = await session.run(feeds);
      if (!(ab?.data instanceof Float64Array)) throw new Error('a product of doubles has doubles');
      return ab.data;
    },
    dispose: () => session.release(),
  };
}
