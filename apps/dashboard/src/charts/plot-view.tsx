import { memo, useId } from 'react';
import { type Frame, type Layout, linePath, type Placed } from './layout.ts';
import type { Axis, Dash, Mark, Scale, Series } from './plot.ts';

export const DASH_ARRAYS: Readonly<Record<Dash, string | undefined>> = {
  solid: undefined,
  dashed: '6 4',
  dotted: '1.5 3',
};
/** Half the width of the caps of an error bar, px. */
const CAP = 4;
const TEXT = 'fill-ink-soft text-small tabular-nums';

/** All of a plot that does not follow the pointer. */
export const PlotView = memo(function PlotView({ layout }: { layout: Layout }) {
  const { plot, frame, scales, shown, placed, across, up } = layout;
  const clip = useId();
  return (
    <>
      <clipPath id={clip}>
        <rect
          x={frame.left - CAP}
          y={frame.top - CAP}
          width={Math.max(0, frame.right - frame.left + 2 * CAP)}
          height={Math.max(0, frame.bottom - frame.top + 2 * CAP)}
        />
      </clipPath>
      <Across axis={plot.x} scale={scales.x} frame={frame} place={across} />
      <Up axis={plot.y} scale={scales.y} frame={frame} place={up} />
      {plot.right && scales.right && (
        <Right axis={plot.right} scale={scales.right} frame={frame} place={(value) => up(value, true)} />
      )}
      {(plot.marks ?? []).map((mark) => (
        <MarkLine key={`${mark.words} ${mark.x} ${mark.y}`} mark={mark} layout={layout} />
      ))}
      <g clipPath={`url(#${clip})`}>
        {shown.map((series, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may have one name, and all are drawn anew
          <Line key={at} series={series} layout={layout} />
        ))}
        {placed.map((each, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a point has no other name, and all are drawn anew
          <Dot key={at} of={each} />
        ))}
      </g>
    </>
  );
});

interface AxisProps {
  readonly axis: Axis;
  readonly scale: Scale;
  readonly frame: Frame;
  readonly place: (value: number) => number;
}

function Across({ axis, scale, frame: { left, right, top, bottom }, place }: AxisProps) {
  return (
    <g>
      {scale.ticks.map((tick) => (
        <g key={tick} transform={`translate(${place(tick)} 0)`}>
          <path d={`M0 ${top}V${bottom}`} className="stroke-line" />
          <text y={bottom + 16} textAnchor="middle" className={TEXT}>
            {axis.format(tick)}
          </text>
        </g>
      ))}
      <text x={(left + right) / 2} y={bottom + 35} textAnchor="middle" className={TEXT}>
        {axis.name}
      </text>
    </g>
  );
}

function Up({ axis, scale, frame: { left, right, top, bottom }, place }: AxisProps) {
  return (
    <g>
      {scale.ticks.map((tick) => (
        <g key={tick} transform={`translate(0 ${place(tick)})`}>
          <path d={`M${left} 0H${right}`} className="stroke-line" />
          <text x={left - 8} dy="0.32em" textAnchor="end" className={TEXT}>
            {axis.format(tick)}
          </text>
        </g>
      ))}
      <text
        transform={`translate(12 ${(top + bottom) / 2}) rotate(-90)`}
        textAnchor="middle"
        className={TEXT}
      >
        {axis.name}
      </text>
    </g>
  );
}

/** Without lines across: those are of the other one. */
function Right({ axis, scale, frame: { right, top, bottom }, place }: AxisProps) {
  const width = 26 + Math.max(0, ...scale.ticks.map((tick) => axis.format(tick).length)) * 6.7;
  return (
    <g>
      {scale.ticks.map((tick) => (
        <text key={tick} x={right + 8} y={place(tick)} dy="0.32em" className={TEXT}>
          {axis.format(tick)}
        </text>
      ))}
      <text
        transform={`translate(${right + width} ${(top + bottom) / 2}) rotate(-90)`}
        textAnchor="middle"
        className={TEXT}
      >
        {axis.name}
      </text>
    </g>
  );
}

function MarkLine({ mark: { words, x, y, end = 'right' }, layout }: { mark: Mark; layout: Layout }) {
  const { frame, across, up } = layout;
  const { left, right, top, bottom } = frame;
  if (y !== undefined) {
    const at = up(y);
    return (
      <g>
        <path d={`M${left} ${at}H${right}`} strokeDasharray="4 4" className="stroke-ink-soft" />
        <text
          x={end === 'left' ? left + 4 : right - 4}
          y={at < top + 16 ? at + 14 : at - 5}
          textAnchor={end === 'left' ? 'start' : 'end'}
          className={TEXT}
        >
          {words}
        </text>
      </g>
    );
  }
  const at = across(x ?? 0);
  const isRight = at > (left + right) / 2;
  return (
    <g>
      <path d={`M${at} ${top}V${bottom}`} strokeDasharray="4 4" className="stroke-ink-soft" />
      <text
        x={isRight ? at - 5 : at + 5}
        y={top + 12}
        textAnchor={isRight ? 'end' : 'start'}
        className={TEXT}
      >
        {words}
      </text>
    </g>
  );
}

/** The line of a series, and its error bars. */
function Line({ series, layout: { across, up } }: { series: Series; layout: Layout }) {
  const { line, points, step, width = 2, colour, bars = [], right } = series;
  const places = points.map(({ x, y }) => ({ x: across(x), y: up(y, right) }));
  return (
    <g fill="none" style={{ stroke: colour }}>
      {line && <path d={linePath(places, step)} strokeWidth={width} strokeDasharray={DASH_ARRAYS[line]} />}
      {bars.map(({ x, low, high }) => {
        const [at, top, bottom] = [across(x), up(high, right), up(low, right)];
        const d = `M${at} ${top}V${bottom}M${at - CAP} ${top}H${at + CAP}M${at - CAP} ${bottom}H${at + CAP}`;
        return <path key={x} d={d} strokeWidth={1} />;
      })}
    </g>
  );
}

/** How much larger a point is that stands out. */
const LIT = 1.6;

/** A point in its form; `lit` is the one that stands out. */
export function Dot({ of: { x, y, point, series }, lit = false }: { of: Placed; lit?: boolean }) {
  const { colour, hollow, size } = series;
  if (size === 0) return null;
  const extent = lit ? size * LIT : size;
  const look = {
    opacity: point.faint && !lit ? 0.4 : 1,
    ...(hollow ? { fill: 'none', stroke: colour } : { fill: colour }),
    ...(lit ? { stroke: 'var(--ink)' } : {}),
  };
  const strokeWidth = lit ? 2 : hollow ? 1.5 : 0;
  if (!point.shape) return <circle cx={x} cy={y} r={extent / 2} style={look} strokeWidth={strokeWidth} />;
  const scale = extent / 10;
  return (
    <path
      d={point.shape}
      transform={`translate(${x - extent / 2} ${y - extent / 2}) scale(${scale})`}
      style={look}
      strokeWidth={strokeWidth / scale}
    />
  );
}
