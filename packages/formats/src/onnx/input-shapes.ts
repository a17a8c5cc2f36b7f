import { InputError } from '@espalier/errors';
import type { Shape } from '@espalier/network';

/** The shape to compute with of an input that its file leaves open; the file stays as open as it is. */
export interface InputShape {
  /** Default: that of the images, which is the first. */
  readonly name?: string | undefined;
  /** With the batch, for which numbers in the file are meant that stand for one, or without it. */
  readonly shape: Shape;
}

/** What is known of shapes beside the file. */
export interface GivenShapes {
  readonly input?: readonly InputShape[] | undefined;
  /** Height and width of the images, where a preprocessing says them. */
  readonly size?: readonly [height: number, width: number] | undefined;
}

/** undefined: of any extent, without a name. */
export type Extent = number | string | undefined;

/**
 * The extents of a file's inputs, with numbers wherever somebody gave one. What the file fixes stays.
 *
 * @throws {InputError} for a shape that does not fit, field `input`
 */
export function withGivenShapes(
  extents: ReadonlyMap<string, readonly Extent[]>,
  { input = [], size }: GivenShapes,
): Map<string, readonly Extent[]> {
  const [first = ''] = extents.keys();
  const shapes = new Map(input.map(({ name = first, shape }) => [name, shape]));
  for (const name of shapes.keys()) {
    if (extents.has(name)) continue;
    const known = [...extents.keys()].map((each) => `"${each}"`).join(', ');
    throw new InputError(`there is no input "${name}": give one of those of the file, ${known}`, 'input');
  }
  return new Map(
    [...extents].map(([name, own]) => {
      const shape = shapes.get(name);
      if (shape) return [name, filled(name, own, shape)];
      return [name, name === first && size ? sized(own, size) : own];
    }),
  );
}

/** The batch size of a shape that is given whole. */
export function givenBatch(
  extents: ReadonlyMap<string, readonly Extent[]>,
  { input = [] }: GivenShapes,
): number | undefined {
  const [first = ''] = extents.keys();
  const whole = input.find(({ name = first, shape }) => extents.get(name)?.length === shape.length);
  return whole?.shape[0];
}

function filled(name: string, own: readonly Extent[], shape: Shape): Extent[] {
  const whole = shape.length === own.length - 1 ? [own[0], ...shape] : shape;
  const has = `input "${name}" is ${own.map((extent) => extent ?? '?').join(' x ')}`;
  if (whole.length !== own.length)
    throw new InputError(`${has}, and ${shape.join('x')} has ${shape.length} axes: give as many`, 'input');
  return own.map((extent, axis) => {
    const given = whole[axis];
    if (axis === 0) return extent;
    if (typeof extent === 'number' && extent > 0 && extent !== given) {
      throw new InputError(
        `${has}: axis ${axis} of ${shape.join('x')} must be ${extent}: give that`,
        'input',
      );
    }
    return given;
  });
}

/** Heights and widths that are open. */
function sized(own: readonly Extent[], size: readonly [number, number]): readonly Extent[] {
  if (own.length !== 4) return own;
  return own.map((extent, axis) => (axis < 2 || isFixed(extent) ? extent : size[axis - 2]));
}

export function isFixed(extent: Extent): extent is number {
  return typeof extent === 'number' && Number.isSafeInteger(extent) && extent > 0;
}

/** @returns what to do about axes that are open still */
export function openAxes(name: string, shape: readonly Extent[], axes: readonly number[]): string {
  const called = axes.map((axis) =>
    typeof shape[axis] === 'string' ? `${axis} ("${shape[axis]}")` : `${axis}`,
  );
  const example = shape.map((extent, axis) => (isFixed(extent) ? extent : axis === 0 ? 1 : 224)).join('x');
  return `input "${name}" leaves ${called.length === 1 ? 'axis' : 'axes'} ${called.join(', ')} open: give the size to use (--input ${example}, or a preprocessing with its size); the written file keeps it open`;
}
