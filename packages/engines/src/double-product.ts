import { encodeGraph } from '@espalier/formats';
import { namedNode } from '@espalier/network';
import { loadOnnxRuntime } from './onnxruntime.ts';
import { createSession } from './onnxruntime-session.ts';

/** Products with fewer multiplications are plain JavaScript: a run of the runtime takes longer by itself. */
const SMALL = 2 ** 15;

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
      if ((a.length / inner) * b.length <= SMALL) return smallProduct(a, b, inner);
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

function smallProduct(a: Float64Array, b: Float64Array, inner: number): Float64Array {
  const [rows, columns] = [a.length / inner, b.length / inner];
  const product = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const factor = a[row * inner + i] as number;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        product[at] = (product[at] as number) + factor * (b[i * columns + column] as number);
      }
    }
  }
  return product;
}
