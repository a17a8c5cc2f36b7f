import type { LaneRow } from './lanes.ts';

/** Of a row of a table, and of a lane, in px. */
const HEIGHT = 36;
const WIDTH = 12;

/** A layer's piece of the network's graph: lines run on from row to row. */
export function LaneCell({ row, lanes }: { row: LaneRow; lanes: number }) {
  const x = (lane: number) => lane * WIDTH + WIDTH / 2;
  const [here, middle] = [x(row.lane), HEIGHT / 2];
  return (
    <svg
      aria-hidden
      width={lanes * WIDTH}
      height={HEIGHT}
      className="block overflow-visible stroke-line-strong"
      fill="none"
      strokeWidth={1.5}
    >
      {row.past.map((lane) => (
        <path key={lane} d={`M${x(lane)} 0V${HEIGHT}`} />
      ))}
      {row.from.map((lane) => (
        <path
          key={lane}
          d={`M${x(lane)} 0C${x(lane)} ${middle / 2} ${here} ${middle / 2} ${here} ${middle}`}
        />
      ))}
      {row.goesOn && <path d={`M${here} ${middle}V${HEIGHT}`} />}
      <circle cx={here} cy={middle} r={3.5} className="fill-accent stroke-none" />
    </svg>
  );
}
