import { type Shape, sizeOf } from '@espalier/network';
import { type FileNode, nodeError } from './file-node.ts';

/** An axis counted from the front. `count` is how many there are to choose from. */
export function axisFromFront(node: FileNode, axis: number, count: number): number {
  const front = axis < 0 ? axis + count : axis;
  if (!Number.isInteger(front) || front < 0 || front >= count) {
    throw nodeError(node, `there is no axis ${axis} among ${count}`);
  }
  return front;
}

/** Before which axis a Flatten divides a shape of this rank: 0 to rank, negative ones count from the end. */
export function flattenAxis(node: FileNode, rank: number): number {
  const axis = node.attributes.int('axis', 1);
  return axisFromFront(node, axis < 0 ? axis + rank : axis, rank + 1);
}

/** Axes counted from the front, ascending, each once. */
export function axesFromFront(node: FileNode, axes: readonly number[], count: number): number[] {
  return [...new Set(axes.map((axis) => axisFromFront(node, axis, count)))].sort((a, b) => a - b);
}

/** The shape that a Reshape's target stands for: -1 is the rest, 0 the input's extent (unless `allowZero`). */
export function reshaped(node: FileNode, from: Shape, target: readonly number[], allowZero: boolean): Shape {
  const copied = target.map((extent, axis) => (extent === 0 && !allowZero ? (from[axis] ?? 0) : extent));
  const known = sizeOf(copied.filter((extent) => extent !== -1));
  const out = copied.map((extent) => (extent === -1 ? sizeOf(from) / known : extent));
  const possible = out.every((extent) => Number.isInteger(extent) && extent >= 0);
  if (!possible || sizeOf(out) !== sizeOf(from)) {
    throw nodeError(node, `[${from}] cannot become [${target}]`);
  }
  return out;
}

/** Without the axes, or without all axes of extent 1. */
export function squeezed(node: FileNode, from: Shape, axes: readonly number[] | undefined): Shape {
  if (!axes) return from.filter((extent) => extent !== 1);
  const dropped = axesFromFront(node, axes, from.length);
  const wide = dropped.find((axis) => from[axis] !== 1);
  if (wide !== undefined) throw nodeError(node, `axis ${wide} of [${from}] is not of extent 1`);
  return from.filter((_, axis) => !dropped.includes(axis));
}

/** With axes of extent 1 at these places of the result. */
export function unsqueezed(node: FileNode, from: Shape, axes: readonly number[]): Shape {
  const added = axesFromFront(node, axes, from.length + axes.length);
  if (added.length !== axes.length) throw nodeError(node, `axes [${axes}] name one twice`);
  let next = 0;
  return Array.from({ length: from.length + added.length }, (_, axis) =>
    added.includes(axis) ? 1 : (from[next++] ?? 1),
  );
}

/** What a slice takes of one axis, after ONNX's clamping; a negative step counts down to `end`, exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export function clampedRange(node: FileNode, { start, end, step }: Range, extent: number): Range {
  if (step === 0) throw nodeError(node, 'its step is 0');
  const clamp = (at: number, low: number, high: number) =>
    Math.min(high, Math.max(low, at < 0 ? at + extent : at));
  return step > 0
    ? { start: clamp(start, 0, extent), end: clamp(end, 0, extent), step }
    : { start: clamp(start, 0, extent - 1), end: clamp(end, -1, extent - 1), step };
}

export function rangeIndices({ start, end, step }: Range): number[] {
  const count = Math.max(0, Math.ceil((end - start) / step));
  return Array.from({ length: count }, (_, i) => start + i * step);
}
