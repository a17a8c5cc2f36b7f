import { type Attributes, inputOf, type Node, outputOf } from '../network.ts';
import type { Coupler, Labels, Operation } from '../operation.ts';
import { type Shape, sizeOf } from '../tensor.ts';

/** `shape` holds fixed extents and at most one -1, which follows the batch. */
type ReshapeAttributes = Attributes & { readonly shape: readonly number[] };

export const reshape: Operation<ReshapeAttributes> = {
  op: 'Reshape',

  shapes(node, [x = []]) {
    const { shape } = node.attributes;
    const known = sizeOf(shape.filter((extent) => extent !== -1));
    const rest = sizeOf(x) / known;
    const out = shape.map((extent) => (extent === -1 ? rest : extent));
    if (!Number.isInteger(rest) || sizeOf(out) !== sizeOf(x)) {
      throw new Error(`[${x}] cannot become [${shape}]`);
    }
    return [out];
  },

  couple: coupleRegrouped,

  cut(node, cut) {
    const out = outputOf(node);
    return {
      ...node.attributes,
      shape: node.attributes.shape.map((extent, axis) => (extent === -1 ? -1 : cut.kept(out, axis))),
    };
  },
};

/** [n, c, h, w] -> [n, c * h * w] for `axis` 1. */
export const flatten: Operation<Attributes & { readonly axis: number }> = {
  op: 'Flatten',
  shapes(node, [x = []]) {
    const { axis } = node.attributes;
    return [[sizeOf(x.slice(0, axis)), sizeOf(x.slice(axis))]];
  },
  couple: coupleRegrouped,
};

/**
 * Follows channels through a change of shape. Axes are matched in blocks of equal size. A channel that is
 * merged with its pixels (Flatten) labels all of them; a channel axis that is split cannot be cut.
 */
function coupleRegrouped(node: Node, coupler: Coupler): void {
  const [x, out] = [inputOf(node, 0), outputOf(node)];
  for (const { from, to } of matchedBlocks(coupler.shape(x), coupler.shape(out))) {
    const labelled = from.filter((axis) => coupler.labels(x, axis) !== null);
    const wide = to.filter((axis) => coupler.shape(out)[axis] !== 1);
    const [source, target] = [labelled[0], wide[0] ?? to[0]];
    if (source === undefined || target === undefined) continue;
    if (rowsBecomePixels(coupler.shape(x), from, to)) {
      coupler.label(out, 1, rowUnits(node, coupler, source, coupler.shape(out)[1] ?? 1));
      continue;
    }
    if (labelled.length > 1 || wide.length > 1) {
      for (const axis of labelled) {
        coupler.pin(coupler.labels(x, axis), `${node.op} "${node.name}" splits or merges the channel axis`);
      }
      continue;
    }
    coupler.label(out, target, spread(coupler, x, from, source));
  }
}

/** The rows of a dense layer, [n, c * h * w], become images [n, c, h, w]. */
function rowsBecomePixels(x: Shape, from: readonly number[], to: readonly number[]): boolean {
  return x.length === 2 && `${from}` === '1' && `${to}` === '1,2,3';
}

/** A channel is a unit of the rows that hold its pixels. */
function rowUnits(node: Node, coupler: Coupler, axis: number, channels: number): Labels | null {
  const labels = coupler.labels(inputOf(node, 0), axis);
  if (!labels) return null;
  const pixels = labels.length / channels;
  const nth = (pixel: number) => labels.filter((_, i) => i % pixels === pixel);
  const first = nth(0);
  for (let pixel = 1; pixel < pixels; pixel++) {
    coupler.unite(
      first,
      nth(pixel),
      `${node.op} "${node.name}" makes a channel of ${pixels} rows, and one of them stays`,
    );
  }
  return first;
}

/** Labels of the row-major merge of the axes `from`, of which only `source` has labels. */
function spread(coupler: Coupler, x: string, from: readonly number[], source: number): Labels | null {
  const labels = coupler.labels(x, source);
  if (!labels) return null;
  const extents = from.map((axis) => coupler.shape(x)[axis] ?? 1);
  const inner = sizeOf(extents.slice(from.indexOf(source) + 1));
  return Int32Array.from(
    { length: sizeOf(extents) },
    (_, i) => labels[Math.floor(i / inner) % labels.length] ?? 0,
  );
}

/** The finest partition of both shapes into runs of axes with equal products. */
function matchedBlocks(a: Shape, b: Shape): { from: number[]; to: number[] }[] {
  const blocks: { from: number[]; to: number[] }[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const from = i < a.length ? [i++] : [];
    const to = j < b.length ? [j++] : [];
    const size = (shape: Shape, axes: readonly number[]) => sizeOf(axes.map((axis) => shape[axis] ?? 1));
    while (size(a, from) !== size(b, to)) {
      if (size(a, from) < size(b, to) && i < a.length) from.push(i++);
      else if (j < b.length) to.push(j++);
      else break;
    }
    blocks.push({ from, to });
  }
  return blocks;
}
