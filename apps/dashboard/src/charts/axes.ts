// The axes that several charts have.
import { percent } from '#src/format/numbers.ts';
import { changeText, directionWords, type ShownMetric, valueText } from '#src/format/quality.ts';
import type { Axis } from './plot.ts';

/** With as many decimals as tell marks of an axis apart: those of a narrow one lie between whole per cents. */
function decimalsOf(share: number): 0 | 1 {
  return Math.abs(share * 100 - Math.round(share * 100)) < 1e-6 ? 0 : 1;
}

/** Of shares, in per cents: never more than all of it. */
export function shareAxis(name: string): Axis {
  return { name, format: (value) => percent(value, decimalsOf(value)), least: 0, most: 1 };
}

/** From nothing to all of it. */
export const WHOLE = { from: 0, to: 1 } as const;

/** Of values of a metric, upwards; of what is better where it is lower it says so. */
export function valueAxis(metric: ShownMetric): Axis {
  const name = `${metric.label}${betterWords(metric)}`;
  if (metric.unit === 'SHARE') return shareAxis(name);
  return { name, format: (value) => valueText(metric, value, 1) };
}

/** How much better or worse than its own base, upwards. */
export function changeAxis(metric: ShownMetric): Axis {
  return {
    name: `${metric.label} against its own base${betterWords(metric)}`,
    format: (value) => changeText(metric, value, 1),
  };
}

function betterWords(metric: ShownMetric): string {
  return metric.direction === 'LOWER' ? ` (${directionWords(metric)})` : '';
}
