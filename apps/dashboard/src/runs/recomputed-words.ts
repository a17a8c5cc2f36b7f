import { grouped } from '#src/format/numbers.ts';
import { amountText, changeText, type QualityMetric, valueText } from '#src/format/quality.ts';
import type { Recomputed } from './result-fields.ts';

type Found = Pick<Recomputed, 'images' | 'value' | 'difference' | 'standardError'>;

/** "91.20 % of 2,000 images, −0.05 pt from what was told", with the error that drawing them has. */
export function recomputedWords(
  metric: QualityMetric,
  { images, value, difference, standardError }: Found,
): string {
  const found = `${valueText(metric, value)} of ${grouped(images)} images`;
  if (difference === null) return found;
  const error = standardError ? ` ± ${amountText(metric, standardError)}` : '';
  return `${found}, ${changeText(metric, difference)}${error} from what was told`;
}
