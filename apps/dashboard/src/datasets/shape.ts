import { UNKNOWN } from '#src/format/numbers.ts';

/** "32×32, colour". */
export function shapeWords({
  width,
  height,
  channels,
}: {
  width: number | null;
  height: number | null;
  channels: number | null;
}): string {
  if (width === null || height === null) return UNKNOWN;
  return `${width}×${height}, ${channels === 1 ? 'grey' : 'colour'}`;
}
