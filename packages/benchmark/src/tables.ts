import { apartWords } from '@espalier/comparison';
import { COST_FACTS, COST_METRICS } from '@espalier/network';
import { type Cell, type DuelCell, LEVEL, type SectionSummary } from './summary.ts';
import { percent, percentOf, pointsOf, targetWords } from './words.ts';

/** A table in words; the first column names the row. */
export interface Table {
  /** Tells a section's tables apart. */
  readonly title: string;
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a section says of one model: accuracies, what was really saved, and the reference against the others. */
export function tablesOf(summary: SectionSummary): Table[] {
  const { section, base, reference, rows, duels } = summary;
  const heads = section.targets.map(targetWords);
  const isFollowed = section.recipe !== null || section.recalibrate !== null;
  const accuracies: Table = {
    title: 'accuracies',
    caption: base
      ? `Unpruned: ${percent(base.top1)} on ${base.n.toLocaleString('en-US')} test images. Mean accuracy is the mean under the curve over the MACs actually saved, in the range that all strategies reach; mean rank is over the targets at which savings differ by at most two points.`
      : 'The unpruned network has not been tested yet.',
    heads: ['strategy', ...heads, 'mean accuracy', 'mean rank'],
    rows: rows.map(({ strategy, cells, meanAccuracy, meanRank }) => [
      strategy,
      ...cells.map((cell) => accuracyWords(cell, isFollowed)),
      meanAccuracy === null ? '–' : percent(meanAccuracy),
      meanRank === null ? '–' : meanRank.toFixed(1),
    ]),
  };
  const isTimed = rows.some(({ cells }) => cells.some((cell) => cell?.saved.latency !== undefined));
  const costs = COST_METRICS.filter((metric) => metric !== 'latency' || isTimed);
  const savings: Table = {
    title: 'savings',
    caption: `Actually saved, ${costs.map((metric) => COST_FACTS[metric].title).join(' / ')}${isTimed ? ' as predicted' : ''}:`,
    heads: ['strategy', ...heads],
    rows: rows.map(({ strategy, cells }) => [strategy, ...cells.map(savedWords)]),
  };
  const against: Table = {
    title: `${reference} against the others`,
    caption: `${reference} against the others: the difference in points, and for how many pairs of different networks McNemar's test on the same test images finds ${reference} better / no difference / worse (p < ${LEVEL}); the one that saves more has the harder task, so none is called better if savings differ by more than two points:`,
    heads: ['against', ...heads],
    rows: duels.map((duel) => [duel.against, ...duel.cells.map(duelWords)]),
  };
  return duels.length > 0 ? [accuracies, savings, against] : [accuracies, savings];
}

/** As cut, repaired, and at the end. */
function accuracyWords(cell: Cell | null, isFollowed: boolean): string {
  if (!cell) return '–';
  const { asCut, repaired, top1 } = cell;
  return [asCut, ...(repaired ? [repaired] : []), ...(isFollowed ? [top1] : [])].map(percentOf).join(' → ');
}

function savedWords(cell: Cell | null): string {
  if (!cell) return '–';
  return COST_METRICS.flatMap((metric) => cell.saved[metric] ?? [])
    .map((saved) => percent(saved, 1))
    .join(' / ');
}

function duelWords(cell: DuelCell | null): string {
  if (!cell) return '–';
  const { difference, wins, ties, losses, uncompared, apart } = cell;
  const said = difference ? [`${pointsOf(difference)} (${wins} / ${ties} / ${losses})`] : [];
  if (apart !== null) said.push(`${difference ? `${uncompared} ` : ''}${apartWords(apart)}`);
  return said.join('; ');
}
