import { fixed, percent } from '#src/format/numbers.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { shareAxis } from './axes.ts';
import { EPOCH_AXIS, type Epoch, epochWords } from './lines.ts';
import { dashOf, type Plot, type Series } from './plot.ts';

/** A run that was fine-tuned. */
interface TrainedRun {
  readonly name: string;
  readonly allocation: string;
  readonly epochs: readonly Epoch[];
}

export type TrainingValue = 'top1' | 'loss';

/** One line for each run over the epochs: top-1 on the search split, or the training loss. Equal colours differ in their dashes. */
export function trainingCurvesPlot(runs: readonly TrainedRun[], value: TrainingValue): Plot {
  const write = (amount: number) => (value === 'top1' ? percent(amount) : fixed(amount));
  const colours = runs.map(({ allocation }) => strategyColour(allocation));
  return {
    x: EPOCH_AXIS,
    y: value === 'top1' ? shareAxis('top-1') : { name: 'training loss', format: (loss) => fixed(loss, 2) },
    series: runs.map(({ name, epochs }, at): Series => {
      const before = colours.slice(0, at).filter((colour) => colour === colours[at]).length;
      return {
        ...{ name, colour: colours[at] ?? '', size: 6, listed: true },
        line: dashOf(before),
        points: epochs.flatMap((epoch) => {
          const amount = epoch[value];
          if (amount === null) return [];
          const words = [name, `${epochWords(epoch.epoch)}: ${write(amount)}`];
          return [{ x: epoch.epoch, y: amount, words }];
        }),
      };
    }),
  };
}
