import type { EChartsCoreOption } from 'echarts/core';
import { fixed, percent } from '#src/format/numbers.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { axis, GRID, legend, shareAxis, tooltip } from './axes.ts';
import type { Epoch } from './lines.ts';
import type { Palette } from './palette.ts';

/** A run that was fine-tuned. */
interface TrainedRun {
  readonly name: string;
  readonly allocation: string;
  readonly epochs: readonly Epoch[];
}

export type TrainingValue = 'top1' | 'loss';

const DASHES = ['solid', 'dashed', 'dotted'] as const;

/** One line for each run over the epochs: top-1 on the search split, or the training loss. Equal colours differ in their dashes. */
export function trainingCurvesOption(
  runs: readonly TrainedRun[],
  value: TrainingValue,
  palette: Palette,
): EChartsCoreOption {
  const write = (amount: number) => (value === 'top1' ? percent(amount) : fixed(amount));
  const colours = runs.map(({ allocation }) => strategyColour(allocation));
  return {
    animation: false,
    grid: { ...GRID, top: 16 + 22 * Math.ceil(runs.length / 3) },
    legend: legend(
      palette,
      runs.map(({ name }) => name),
    ),
    tooltip: tooltip(palette, (item: { seriesName: string; value: [number, number] }) => [
      item.seriesName,
      `epoch ${Number(item.value[0].toFixed(2))}: ${write(item.value[1])}`,
    ]),
    xAxis: axis(palette, { name: 'epoch', format: (epoch) => String(epoch), min: 0 }),
    yAxis:
      value === 'top1'
        ? shareAxis(palette, 'top-1', true)
        : axis(palette, { name: 'training loss', format: (loss) => fixed(loss, 2) }, true),
    series: runs.map(({ name, epochs }, at) => {
      const before = colours.slice(0, at).filter((colour) => colour === colours[at]).length;
      return {
        name,
        type: 'line',
        color: colours[at],
        lineStyle: { type: DASHES[before % DASHES.length] },
        data: epochs.flatMap((epoch) => (epoch[value] === null ? [] : [[epoch.epoch, epoch[value]]])),
      };
    }),
  };
}
