import type { Preprocessing } from './metadata.ts';
import type { NetworkInput } from './network.ts';

type Layout = Preprocessing['layout'];

/** Of grey and of colour images; -1: any number. */
const CHANNELS: readonly number[] = [-1, 1, 3];

/** The order of an image input's axes, as far as its shape tells it: channels first where it could be either. */
export function inputLayout({ shape }: Pick<NetworkInput, 'shape'>): Layout {
  const [, first = 0, , last = 0] = shape;
  return shape.length === 4 && !CHANNELS.includes(first) && [1, 3].includes(last) ? 'NHWC' : 'NCHW';
}

/** The extents of an image input, -1 where one is open; undefined where it is none. */
export function imageExtents(
  input: Pick<NetworkInput, 'shape'> | undefined,
  layout: Layout | undefined = input && inputLayout(input),
): { readonly channels: number; readonly height: number; readonly width: number } | undefined {
  if (input?.shape.length !== 4) return undefined;
  const [, a = 0, b = 0, c = 0] = input.shape;
  return layout === 'NHWC' ? { height: a, width: b, channels: c } : { channels: a, height: b, width: c };
}

/** The shape of a batch of images, in the order of a layout. */
export function imageShape(
  images: number,
  { channels, height, width }: { readonly channels: number; readonly height: number; readonly width: number },
  layout: Layout,
): number[] {
  return layout === 'NHWC' ? [images, height, width, channels] : [images, channels, height, width];
}
