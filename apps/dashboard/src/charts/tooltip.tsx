import type { Placed, Size } from './layout.ts';

/** Between the pointer's point and the box, px. */
const GAP = 12;

/** A box beside a point with what there is to tell of it, on the side where there is room. */
export function Tooltip({ of: { x, y, point }, size: { width, height } }: { of: Placed; size: Size }) {
  const side = x > width / 2 ? { right: width - x + GAP } : { left: x + GAP };
  const edge = y > height / 2 ? { bottom: height - y + GAP } : { top: y + GAP };
  return (
    <div
      style={{ ...side, ...edge }}
      className="pointer-events-none absolute z-20 max-w-72 rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-small tabular-nums shadow-lg"
    >
      {point.words?.map((words) => (
        <p key={words}>{words}</p>
      ))}
    </div>
  );
}
