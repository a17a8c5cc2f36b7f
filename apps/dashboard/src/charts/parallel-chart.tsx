'use client';

import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Size } from './layout.ts';
import {
  type Brush,
  type Dimension,
  keptLines,
  type ParallelAxis,
  parallelAxes,
  piecesOf,
} from './parallel.ts';
import { useSize } from './use-size.ts';

const EDGE = { left: 60, right: 76, top: 32, bottom: 12 } as const;
/** How wide an axis is for the pointer, and from where on a press is a drag; px. */
const HANDLE = 28;
const DRAG = 3;
/** Of lines that a brush leaves out. */
const OUT = 0.05;

/**
 * Parallel coordinates: one line a run across the dimensions, on a canvas, since there may be thousands. A drag along an
 * axis keeps a part of it and dims the other lines; a press lets go.
 *
 * @param colours of the lines
 * @param onBrush told the lines that are kept, by their index; null for all
 */
export function ParallelChart({
  dimensions,
  colours,
  label,
  className = 'h-96',
  onBrush,
}: {
  dimensions: readonly Dimension[];
  colours: readonly string[];
  label: string;
  className?: string;
  onBrush: (lines: readonly number[] | null) => void;
}) {
  const { box, size } = useSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const axes = useMemo(() => parallelAxes(dimensions), [dimensions]);
  const [brushes, setBrushes] = useState<ReadonlyMap<number, Brush>>(new Map());
  // Whatever was chosen was chosen on other axes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: other axes are all that matters
  useEffect(() => setBrushes(new Map()), [axes]);

  useEffect(() => {
    if (canvas.current && size) draw(canvas.current, size, axes, colours, keptLines(axes, brushes));
  }, [axes, colours, brushes, size]);

  const brush = (axis: number, part: Brush | null, isOver: boolean) => {
    const next = new Map(brushes);
    if (part) next.set(axis, part);
    else next.delete(axis);
    setBrushes(next);
    if (isOver) onBrush(keptLines(axes, next));
  };
  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      data-chart
      className={`relative w-full contain-inline-size select-none empty:animate-pulse empty:rounded-md empty:bg-sunken motion-reduce:animate-none ${className}`}
    >
      {size && (
        <>
          <canvas ref={canvas} className="absolute inset-0 size-full" />
          <svg aria-hidden width={size.width} height={size.height} className="absolute inset-0">
            {axes.map((axis, at) => (
              <AxisLine
                key={axis.name}
                axis={axis}
                x={acrossOf(size, axes.length)(at)}
                height={size.height}
                brush={brushes.get(at)}
                onBrush={(part, isOver) => brush(at, part, isOver)}
              />
            ))}
          </svg>
        </>
      )}
    </div>
  );
}

function acrossOf({ width }: Size, count: number): (axis: number) => number {
  const step = (width - EDGE.left - EDGE.right) / Math.max(1, count - 1);
  return (axis) => EDGE.left + axis * step;
}

function upOf(height: number): (place: number) => number {
  const [top, bottom] = [EDGE.top, height - EDGE.bottom];
  return (place) => bottom - place * (bottom - top);
}

function AxisLine({
  axis,
  x,
  height,
  brush,
  onBrush,
}: {
  axis: ParallelAxis;
  x: number;
  height: number;
  brush: Brush | undefined;
  /** @param isOver the pointer let go */
  onBrush: (part: Brush | null, isOver: boolean) => void;
}) {
  const up = upOf(height);
  const from = useRef<number | null>(null);
  const partTo = (event: PointerEvent<SVGRectElement>): Brush | null => {
    const { top, height: extent } = event.currentTarget.getBoundingClientRect();
    const place = Math.min(1, Math.max(0, 1 - (event.clientY - top) / extent));
    if (from.current === null) {
      from.current = place;
      return null;
    }
    if (Math.abs(place - from.current) * extent < DRAG) return null;
    return { low: Math.min(from.current, place), high: Math.max(from.current, place) };
  };
  return (
    <g transform={`translate(${x} 0)`}>
      <text y={14} textAnchor="middle" className="fill-ink text-small">
        {axis.name}
      </text>
      <path d={`M0 ${up(1)}V${up(0)}`} className="stroke-ink-soft" />
      {axis.ticks.map(({ at, words }) => (
        <g key={at} transform={`translate(0 ${up(at)})`}>
          <path d="M0 0H5" className="stroke-ink-soft" />
          <text
            x={8}
            dy="0.32em"
            strokeWidth={3}
            className="fill-ink-soft stroke-page text-small tabular-nums [paint-order:stroke]"
          >
            {words}
          </text>
        </g>
      ))}
      {brush && (
        <rect
          x={-8}
          y={up(brush.high)}
          width={16}
          height={Math.max(1, up(brush.low) - up(brush.high))}
          className="fill-accent/15 stroke-accent"
        />
      )}
      <rect
        x={-HANDLE / 2}
        y={up(1)}
        width={HANDLE}
        height={Math.max(0, up(0) - up(1))}
        fill="transparent"
        className="cursor-ns-resize touch-none"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = null;
          partTo(event);
        }}
        onPointerMove={(event) => {
          const part = from.current === null ? null : partTo(event);
          if (part) onBrush(part, false);
        }}
        onPointerUp={(event) => {
          if (from.current === null) return;
          onBrush(partTo(event), true);
          from.current = null;
        }}
      />
    </g>
  );
}

/** All lines, those that are kept on top; the more there are the fainter they are. */
function draw(
  canvas: HTMLCanvasElement,
  size: Size,
  axes: readonly ParallelAxis[],
  colours: readonly string[],
  kept: readonly number[] | null,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const density = window.devicePixelRatio;
  canvas.width = Math.round(size.width * density);
  canvas.height = Math.round(size.height * density);
  context.scale(density, density);
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  const [across, up] = [acrossOf(size, axes.length), upOf(size.height)];
  const faint = colours.length > 500 ? 0.15 : colours.length > 50 ? 0.4 : 0.8;
  const one = (line: number, opacity: number) => {
    context.globalAlpha = opacity;
    context.strokeStyle = colours[line] ?? '';
    context.beginPath();
    for (const piece of piecesOf(axes, line)) {
      for (const [at, { axis, at: place }] of piece.entries()) {
        if (at === 0) context.moveTo(across(axis), up(place));
        else context.lineTo(across(axis), up(place));
      }
    }
    context.stroke();
  };
  const inside = new Set(kept);
  for (const line of colours.keys()) {
    if (kept === null || !inside.has(line)) one(line, kept === null ? faint : OUT);
  }
  for (const line of kept ?? []) one(line, faint);
}
