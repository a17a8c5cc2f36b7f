'use client';

import type { EChartsCoreOption } from 'echarts/core';
import { useTheme } from 'next-themes';
import { useEffect, useRef } from 'react';
import { brushedItems, brushedLines } from './brushed.ts';
import { DARK, LIGHT, type Palette } from './palette.ts';

const NOTHING: EChartsCoreOption = {};

type Instance = ReturnType<typeof import('./echarts.ts')['init']>;

/**
 * Draws an option that a pure function made. The library comes when the first chart is on the page; `label` says
 * what is drawn to whoever cannot see it, and the page has the same numbers in a table.
 */
export function Chart({
  option,
  label,
  className = 'h-80',
  lit = null,
  onClick,
  onHover,
  onBrush,
  onRectangle,
}: {
  option: (palette: Palette) => EChartsCoreOption;
  label: string;
  className?: string;
  /** The `id` of a data item that stands out. */
  lit?: string | null;
  /** Given the `id` of the data item. */
  onClick?: (id: string) => void;
  onHover?: (id: string | null) => void;
  /** Of parallel coordinates: the lines that all brushed axes leave in, by their index; null without a brush. */
  onBrush?: (lines: readonly number[] | null) => void;
  /** Of an option with a `brush`: the `id`s of the items inside the rectangle that was drawn; null without one. */
  onRectangle?: (ids: readonly string[] | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Instance | null>(null);
  const handlers = useRef({ onClick, onHover, onBrush, onRectangle });
  handlers.current = { onClick, onHover, onBrush, onRectangle };
  const { resolvedTheme } = useTheme();
  const palette = resolvedTheme === 'dark' ? DARK : LIGHT;
  // Nothing is drawn on the server, and some options are large.
  const drawn = typeof window === 'undefined' ? NOTHING : option(palette);
  const latest = useRef(drawn);
  latest.current = drawn;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let gone = false;
    const observer = new ResizeObserver(() => chart.current?.resize());
    void import('./echarts.ts').then(({ init }) => {
      if (gone) return;
      const made = init(element);
      chart.current = made;
      draw(made, latest.current);
      const idOf = (event: unknown) => (event as { data?: { id?: string } }).data?.id;
      made.on('click', (event) => {
        const id = idOf(event);
        if (id) handlers.current.onClick?.(id);
      });
      made.on('mouseover', (event) => handlers.current.onHover?.(idOf(event) ?? null));
      made.on('mouseout', () => handlers.current.onHover?.(null));
      made.on('axisareaselected', () => handlers.current.onBrush?.(brushedLines(made)));
      made.on('brushselected', (event) => {
        // Also told when nothing was ever drawn.
        handlers.current.onRectangle?.(brushedItems(event, latest.current));
      });
      observer.observe(element);
    });
    return () => {
      gone = true;
      observer.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  const key = JSON.stringify(drawn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the whole option
  useEffect(() => {
    if (chart.current) draw(chart.current, latest.current);
  }, [key]);

  useEffect(() => {
    if (lit === null) return;
    const at = placeOf(latest.current, lit);
    if (!at) return;
    chart.current?.dispatchAction({ type: 'highlight', ...at });
    return () => chart.current?.dispatchAction({ type: 'downplay', ...at });
  }, [lit]);

  // Without `contain`, a canvas drawn wide keeps its column wide when the window becomes narrow.
  return (
    <div
      ref={box}
      role="img"
      aria-label={label}
      data-chart
      className={`w-full contain-inline-size empty:animate-pulse empty:rounded-md empty:bg-sunken motion-reduce:animate-none ${className}`}
    />
  );
}

function draw(chart: Instance, option: EChartsCoreOption): void {
  chart.setOption(option, { notMerge: true });
  if (!option.brush) return;
  // The pointer draws rectangles from the start.
  chart.dispatchAction({
    type: 'takeGlobalCursor',
    key: 'brush',
    brushOption: { brushType: 'rect', brushMode: 'single' },
  });
}

function placeOf(option: EChartsCoreOption, id: string): { seriesIndex: number; dataIndex: number } | null {
  const series = option.series as readonly { readonly data?: readonly { readonly id?: string }[] }[];
  for (const [seriesIndex, { data = [] }] of series.entries()) {
    const dataIndex = data.findIndex((item) => item.id === id);
    if (dataIndex >= 0) return { seriesIndex, dataIndex };
  }
  return null;
}
