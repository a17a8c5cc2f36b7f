'use client';

import type { EChartsCoreOption } from 'echarts/core';
import { useTheme } from 'next-themes';
import { useEffect, useRef } from 'react';
import { DARK, LIGHT, type Palette } from './palette.ts';

type Instance = ReturnType<typeof import('./echarts.ts')['init']>;

/**
 * Draws an option that a pure function made. The library comes when the first chart is on the page; `label` says
 * what is drawn to whoever cannot see it, and the page has the same numbers in a table.
 */
export function Chart({
  option,
  label,
  className = 'h-80',
  onClick,
  onHover,
  onBrush,
}: {
  option: (palette: Palette) => EChartsCoreOption;
  label: string;
  className?: string;
  /** Given the `id` of the data item. */
  onClick?: (id: string) => void;
  onHover?: (id: string | null) => void;
  /** Of parallel coordinates: the lines that all brushed axes leave in, by their index; null without a brush. */
  onBrush?: (lines: readonly number[] | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Instance | null>(null);
  const handlers = useRef({ onClick, onHover, onBrush });
  handlers.current = { onClick, onHover, onBrush };
  const { resolvedTheme } = useTheme();
  const palette = resolvedTheme === 'dark' ? DARK : LIGHT;
  const drawn = option(palette);
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
      made.setOption(latest.current);
      const idOf = (event: unknown) => (event as { data?: { id?: string } }).data?.id;
      made.on('click', (event) => {
        const id = idOf(event);
        if (id) handlers.current.onClick?.(id);
      });
      made.on('mouseover', (event) => handlers.current.onHover?.(idOf(event) ?? null));
      made.on('mouseout', () => handlers.current.onHover?.(null));
      made.on('axisareaselected', () => handlers.current.onBrush?.(brushedLines(made)));
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
    chart.current?.setOption(latest.current, { notMerge: true });
  }, [key]);

  return <div ref={box} role="img" aria-label={label} className={`w-full ${className}`} />;
}

interface ParallelSeries {
  getRawIndicesByActiveState(state: 'active' | 'inactive'): number[];
}

/** As the library's own examples read it; the types do not tell of it. */
function brushedLines(chart: Instance): readonly number[] | null {
  const model = (
    chart as unknown as { getModel(): { getSeriesByIndex(index: number): ParallelSeries } }
  ).getModel();
  const series = model.getSeriesByIndex(0);
  const isBrushed = series.getRawIndicesByActiveState('inactive').length > 0;
  return isBrushed ? series.getRawIndicesByActiveState('active') : null;
}
