'use client';

import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { edgesOf, inside, type Layout, layoutOf, nearest, type Placed, type Rectangle } from './layout.ts';
import { Legend } from './legend.tsx';
import type { Plot } from './plot.ts';
import { Dot, PlotView } from './plot-view.tsx';
import { Tooltip } from './tooltip.tsx';
import { useSize } from './use-size.ts';

/** How far from a point the pointer still finds it, px; and from where on a press is a drag. */
const REACH = 18;
const DRAG = 4;
const NONE: ReadonlySet<string> = new Set();

/**
 * Draws a plot that a pure function made, as SVG in the colours of the theme. `label` says what is drawn to whoever
 * cannot see it, and the page has the same numbers in a table. A plot that is made anew is drawn anew: keep one that
 * is large.
 */
export function Chart({
  plot,
  label,
  className = 'h-80',
  lit = null,
  onClick,
  onHover,
  onRectangle,
}: {
  plot: Plot;
  label: string;
  className?: string;
  /** The `id` of a point that stands out. */
  lit?: string | null;
  /** Given the `id` of the point. */
  onClick?: (id: string) => void;
  onHover?: (id: string | null) => void;
  /** The `id`s of the points inside the rectangle that was drawn; null where it was taken away. Left out, none can be drawn. */
  onRectangle?: (ids: readonly string[] | null) => void;
}) {
  const { box, size } = useSize<HTMLDivElement>();
  const [hidden, setHidden] = useState(NONE);
  const layout = useMemo(() => size && layoutOf(plot, hidden, size), [plot, hidden, size]);
  const pointer = usePointer(layout, { onClick, onHover, onRectangle });
  const marked = pointer.over ?? layout?.placed.find(({ point }) => lit !== null && point.id === lit) ?? null;
  return (
    <div>
      <Legend series={plot.series} hidden={hidden} onChange={setHidden} />
      {/* Without `contain`, what was drawn wide keeps its column wide when the window becomes narrow. */}
      <div
        ref={box}
        role="img"
        aria-label={label}
        data-chart
        {...pointer.handlers}
        className={`relative w-full touch-pan-y contain-inline-size select-none empty:animate-pulse empty:rounded-md empty:bg-sunken motion-reduce:animate-none ${className} ${onClick && pointer.over?.point.id ? 'cursor-pointer' : onRectangle ? 'cursor-crosshair' : ''}`}
      >
        {layout && size && (
          <>
            {/* Nor is it wider than its column for the moment until it is drawn again. */}
            <svg aria-hidden width={size.width} height={size.height} className="absolute inset-0 max-w-full">
              <PlotView layout={layout} />
              {pointer.rectangle && <Drawn rectangle={pointer.rectangle} />}
              {marked && <Dot of={marked} lit />}
            </svg>
            {pointer.over && <Tooltip of={pointer.over} size={size} />}
          </>
        )}
      </div>
    </div>
  );
}

function Drawn({ rectangle }: { rectangle: Rectangle }) {
  const { left, right, top, bottom } = edgesOf(rectangle);
  return (
    <rect
      {...{ x: left, y: top, width: right - left, height: bottom - top }}
      className="fill-accent/5 stroke-accent"
    />
  );
}

interface Listeners {
  readonly onClick: ((id: string) => void) | undefined;
  readonly onHover: ((id: string | null) => void) | undefined;
  readonly onRectangle: ((ids: readonly string[] | null) => void) | undefined;
}

/** What the pointer is over, and the rectangle that it has drawn. */
function usePointer(layout: Layout | null, { onClick, onHover, onRectangle }: Listeners) {
  const [over, setOver] = useState<Placed | null>(null);
  const [rectangle, setRectangle] = useState<Rectangle | null>(null);
  const pressed = useRef<Rectangle['from'] | null>(null);
  // What was pointed at is not there any more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another layout is all that matters
  useEffect(() => setOver(null), [layout]);

  const hover = (next: Placed | null) => {
    if (next?.point !== over?.point) onHover?.(next?.point.id ?? null);
    setOver(next);
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const to = placeOf(event);
    const from = pressed.current;
    if (from && onRectangle && event.pointerType !== 'touch' && isDrag(from, to)) {
      event.currentTarget.setPointerCapture(event.pointerId);
      setRectangle({ from, to });
    }
    hover(layout && nearest(layout, ...to, REACH));
  };
  const up = (event: PointerEvent<HTMLElement>) => {
    const [from, to] = [pressed.current, placeOf(event)];
    pressed.current = null;
    if (!layout || !from) return;
    if (!isDrag(from, to)) {
      const id = nearest(layout, ...to, REACH)?.point.id;
      if (id !== undefined && onClick) onClick(id);
      else if (rectangle) {
        setRectangle(null);
        onRectangle?.(null);
      }
    } else if (onRectangle && event.pointerType !== 'touch') onRectangle(inside(layout, { from, to }));
  };
  return {
    over,
    rectangle,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button === 0) pressed.current = placeOf(event);
      },
      onPointerMove: move,
      onPointerUp: up,
      onPointerLeave: () => hover(null),
      onPointerCancel: () => {
        pressed.current = null;
      },
    },
  };
}

function placeOf({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): Rectangle['from'] {
  const { left, top } = currentTarget.getBoundingClientRect();
  return [clientX - left, clientY - top];
}

function isDrag([x, y]: Rectangle['from'], [toX, toY]: Rectangle['to']): boolean {
  return Math.hypot(toX - x, toY - y) >= DRAG;
}
