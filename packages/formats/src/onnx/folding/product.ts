import { MOST_ELEMENTS, makeConstant } from '../constant.ts';
import { nodeError } from '../file-node.ts';
import { type Fold, operand } from './folder.ts';

/** Of tables of whole numbers, such as indices that are repeated by a row of ones; others are layers. */
const matMul: Fold = (node, inputs) => {
  const [a, b] = [operand(node, inputs, 0), operand(node, inputs, 1)];
  const isIndices = [a, b].every(({ kind, dims }) => kind === 'int' && dims.length === 2);
  if (!isIndices) return undefined;
  const [[rows = 1, inner = 1], [height = 1, columns = 1]] = [a.dims, b.dims];
  // What takes longer than any index needs is left to the runtime.
  if (rows * inner * columns > MOST_ELEMENTS) return undefined;
  if (inner !== height) throw nodeError(node, `[${a.dims}] and [${b.dims}] cannot be multiplied`);
  return makeConstant(a, [rows, columns], a.data.length + b.data.length, (index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    let sum = 0;
    for (let i = 0; i < inner; i++)
      sum += (a.data[row * inner + i] ?? 0) * (b.data[i * columns + column] ?? 0);
    return sum;
  });
};

export const productFolds: Readonly<Record<string, Fold>> = { MatMul: matMul };
