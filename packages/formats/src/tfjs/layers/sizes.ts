import { attr } from '../graph-attributes.ts';
import { type Call, only, spaceOf } from './call.ts';

/** Height and width of what a layer makes, by height and width of what it reads. */
export interface Scaling {
  readonly times: readonly [number, number];
  readonly plus?: readonly [number, number];
}

/** A value of whole numbers, and the height and width in it: -1 stands for an extent that is open. */
interface Size {
  readonly value: string;
  readonly extents: readonly [number, number];
}

/** Height and width, which the graph computes where the model leaves the size of its images open. */
export function scaledSize(call: Call, scaling: Scaling): Size {
  const { to, name } = call;
  const extents = scaled(call, scaling);
  const value = isKnown(extents) ? to.ints(`${name}/size`, extents) : computed(call, scaling);
  return { value, extents };
}

/** The shape of one image, with its batch: [1, height, width, channels]. */
export function scaledShape(call: Call, scaling: Scaling, channels: number): Size {
  const { to, name } = call;
  const extents = scaled(call, scaling);
  if (isKnown(extents)) return { value: to.ints(`${name}/sizes`, [1, ...extents, channels]), extents };
  const size = computed(call, scaling);
  const [height, width] = [slice(call, size, 'height', [0]), slice(call, size, 'width', [1])];
  const parts = [to.ints(`${name}/one`, [1], []), height, width, to.ints(`${name}/channels`, [channels], [])];
  return { value: to.node('Pack', parts, `${name}/sizes`, { ...WHOLE, axis: attr.int(0) }), extents };
}

const WHOLE = { T: attr.type('DT_INT32') };

function scaled(call: Call, { times, plus = [0, 0] }: Scaling): readonly [number, number] {
  const [height, width] = spaceOf(call);
  const open = (extent: number, i: 0 | 1) => (extent < 0 ? -1 : extent * times[i] + plus[i]);
  return [open(height, 0), open(width, 1)];
}

function isKnown(extents: readonly number[]): boolean {
  return extents.every((extent) => extent >= 0);
}

function computed(call: Call, { times, plus = [0, 0] }: Scaling): string {
  const { to, name } = call;
  const shape = to.node('Shape', [only(call).name], `${name}/shape`, { out_type: attr.type('DT_INT32') });
  const given = slice(call, shape, 'given', [1, 3]);
  const larger = to.node('Mul', [given, to.ints(`${name}/times`, times)], `${name}/larger`, WHOLE);
  return to.node('AddV2', [larger, to.ints(`${name}/plus`, plus)], `${name}/size`, WHOLE);
}

/** Some of a list, or one of it as a number. */
function slice(
  { to, name }: Call,
  list: string,
  what: string,
  [begin, end]: readonly [number, number?],
): string {
  const own = `${name}/${what}`;
  const bounds = [
    to.ints(`${own}/begin`, [begin]),
    to.ints(`${own}/end`, [end ?? begin + 1]),
    to.ints(`${own}/step`, [1]),
  ];
  const single = end === undefined ? { shrink_axis_mask: attr.int(1) } : {};
  return to.node('StridedSlice', [list, ...bounds], own, { ...WHOLE, ...single });
}
