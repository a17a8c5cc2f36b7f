import type { Node, Shape } from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import type { GraphWriter } from './graph-writer.ts';

const INT = attr.type('DT_INT32');

/**
 * A list of whole numbers that begins with how many images there are.
 *
 * @param of what the graph calls a value with so many images, and its shape
 */
export function imagesAnd(
  node: Pick<Node, 'name'>,
  to: GraphWriter,
  [of, [images = 1]]: readonly [string, Shape],
  rest: readonly number[],
): string {
  if (images !== -1) return to.ints([images, ...rest]);
  const shape = to.step(node, 'Shape', [of], { out_type: INT });
  const [none, one] = [to.ints([0]), to.ints([1])];
  const first = to.step(node, 'StridedSlice', [shape, none, one, one], {
    T: INT,
    shrink_axis_mask: attr.int(1),
  });
  const others = rest.map((extent) => to.ints([extent], []));
  return to.step(node, 'Pack', [first, ...others], {
    T: INT,
    N: attr.int(1 + rest.length),
    axis: attr.int(0),
  });
}
