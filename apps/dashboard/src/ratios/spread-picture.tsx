import { placeOn, type Scale } from './groups.ts';
import type { BestSpread } from './ratios-query.ts';

const [WIDTH, HEIGHT, EDGE] = [132, 20, 5];

/** A mean as a dot with its deviation as a bar, and the best as a tick; a hairline where nothing became less. */
export function SpreadPicture({
  spread: { mean, deviation, best },
  scale,
  colour,
}: {
  spread: BestSpread;
  scale: Scale;
  colour: string;
}) {
  const x = (value: number) => EDGE + placeOn(scale, value) * (WIDTH - 2 * EDGE);
  const middle = HEIGHT / 2;
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} className="block" fill="none">
      <path d={`M${EDGE} ${middle}H${WIDTH - EDGE}`} className="stroke-line" />
      <path d={`M${x(1)} 2V${HEIGHT - 2}`} className="stroke-line-strong" />
      {deviation !== null && (
        <path
          d={`M${x(mean - deviation)} ${middle}H${x(mean + deviation)}`}
          stroke={colour}
          strokeWidth={4}
          opacity={0.4}
        />
      )}
      <path d={`M${x(best)} 4V${HEIGHT - 4}`} stroke={colour} strokeWidth={2} />
      <circle cx={x(mean)} cy={middle} r={4} fill={colour} />
    </svg>
  );
}
