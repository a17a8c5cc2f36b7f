import { sizeOf } from '@espalier/network';
import type { Budget } from '../budget.ts';
import { type Constant, intConstant, type Probed, probe, sameConstant } from '../constant.ts';
import { type FileNode, nodeError } from '../file-node.ts';
import { elementwiseFolds } from './elementwise.ts';
import type { Fold } from './folder.ts';
import { layoutFolds } from './layout.ts';
import { productFolds } from './product.ts';
import { reduceFolds } from './reduce.ts';
import { sourceFolds } from './sources.ts';

const folds = new Map<string, Fold>(
  Object.entries({ ...elementwiseFolds, ...layoutFolds, ...productFolds, ...reduceFolds, ...sourceFolds }),
);

/** What the fold knows of the values that were read so far. */
export interface Known {
  readonly opset: number;
  readonly budget: Budget;
  constant(value: string): Probed<Constant> | undefined;
  shapes(value: string): Probed<readonly number[]>;
  /** Undefined for a value whose shape is known. */
  openShape(value: string): readonly number[] | null | undefined;
}

/** The node's output, if it depends on nothing but constants and shapes. */
export function fold(node: FileNode, known: Known): Probed<Constant> | undefined {
  const [x = ''] = node.inputs;
  if (known.openShape(x) !== undefined) return undefined;
  if (node.op === 'Shape') return probe((which) => shapeOf(node, known.shapes(x)[which]));
  if (node.op === 'Size') {
    return probe((which) => ({ ...intConstant([sizeOf(known.shapes(x)[which])]), dims: [] }));
  }
  const compute = folds.get(node.op);
  const inputs = onceForAllImages(
    node,
    node.inputs.map((value) => (value === '' ? undefined : known.constant(value))),
  );
  if (!compute || inputs.some((input, i) => !input && node.inputs[i] !== '')) return undefined;
  const computed = (which: 0 | 1) => {
    const given = at(inputs, which);
    known.budget.spend(given.reduce((sum, input) => sum + (input ? input.data.length : 0), 0));
    const made = compute(node, given, known.opset);
    if (!made) return undefined;
    if (!given.some((input) => input?.data === made.data)) known.budget.spend(made.data.length);
    const stored = made.kind === 'float' && given.find((input) => input?.kind === 'float')?.stored;
    return stored && !made.stored ? { ...made, stored } : made;
  };
  try {
    const first = computed(0);
    const same = inputs.every((input) => !input || sameConstant(input));
    const second = same ? first : computed(1);
    return first && second && [first, second];
  } catch (error) {
    throw error instanceof Error && error.name === 'Error' ? nodeError(node, error.message) : error;
  }
}

/** Where a shape, or how often to repeat, stands among the inputs. */
const shapeInputs: Readonly<Record<string, number>> = { ConstantOfShape: 0, Expand: 1, Tile: 1 };

type Inputs = readonly (Probed<Constant> | undefined)[];

/**
 * A constant that is made or repeated for each image stays one of a single image: what it is combined with has the
 * batch's extent (see Concat in `@espalier/network`).
 */
function onceForAllImages(node: FileNode, inputs: Inputs): Inputs {
  const index = shapeInputs[node.op] ?? -1;
  const shape = inputs[index];
  if (!shape || shape[0].data.length === 0 || shape[0].data[0] === shape[1].data[0]) return inputs;
  const repeats = index > 0 ? inputs[0]?.[0].dims : undefined;
  if (repeats && repeats.length === shape[0].data.length && repeats[0] !== 1) return inputs;
  const once = probe((which) => ({ ...shape[which], data: shape[which].data.with(0, 1) }));
  return inputs.map((input, i) => (i === index ? once : input));
}

function at(inputs: Inputs, which: 0 | 1): (Constant | undefined)[] {
  return inputs.map((input) => input?.[which]);
}

/** The input's extents from `start` to `end`. */
function shapeOf(node: FileNode, shape: readonly number[]): Constant {
  const rank = shape.length;
  const place = (axis: number) => Math.min(rank, Math.max(0, axis < 0 ? axis + rank : axis));
  const [start, end] = [node.attributes.int('start', 0), node.attributes.int('end', rank)];
  return intConstant(shape.slice(place(start), Math.max(place(start), place(end))));
}
