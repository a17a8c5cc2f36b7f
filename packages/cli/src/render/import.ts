import { metricBy, TOP1 } from '@espalier/engines';
import type { ImportResult, Outcome, State } from '../import/outcome.ts';
import { type PlannedRun, worthOf } from '../import/planned.ts';
import { left, listing, right, shorten } from './table.ts';
import { magnitude, metricValue, percent, plural, UNKNOWN } from './units.ts';

/** Rows of a dry run that are shown; those that are refused are shown all. */
const MOST_ROWS = 50;
const NAME_LETTERS = 40;

/** What an import has made, or in a dry run would make. */
export function importText(
  { importId, outcomes, refusedBases, skipped }: ImportResult,
  isDry: boolean,
): string {
  const count = (state: State) => outcomes.filter((one) => one.state === state).length;
  const [made, there, refused] = (['made', 'there', 'refused'] as const).map(count) as [
    number,
    number,
    number,
  ];
  const lines = [
    ...refusedBases.map((reason) => `the unpruned network is refused: ${reason}`),
    `${plural(made, 'run')} ${isDry ? 'would be made' : 'made'}, ${there} exist, ${refused} refused${skippedText(skipped)}`,
    isDry || made === 0 ? '' : `import ${importId}: espalier import undo "${importId}" undoes it`,
  ];
  const table = isDry ? dryTable(outcomes) : refusedTable(outcomes);
  return [table, ...lines].filter(Boolean).join('\n');
}

function skippedText(skipped: readonly string[]): string {
  return skipped.length === 0 ? '' : `; left out: ${skipped.join(', ')}`;
}

function dryTable(outcomes: readonly Outcome[]): string {
  const taken = outcomes.filter(({ state }) => state !== 'refused');
  const shown = [...taken.slice(0, MOST_ROWS), ...outcomes.filter(({ state }) => state === 'refused')];
  const more = taken.length - MOST_ROWS;
  return [outcomeTable(shown), more > 0 ? `... and ${plural(more, 'run')} more` : '']
    .filter(Boolean)
    .join('\n');
}

function refusedTable(outcomes: readonly Outcome[]): string {
  const refused = outcomes.filter(({ state }) => state === 'refused');
  return refused.length === 0 ? '' : outcomeTable(refused);
}

const WORDS: Readonly<Record<State, string>> = { made: 'new', there: 'there already', refused: 'refused' };

function outcomeTable(outcomes: readonly Outcome[]): string {
  return listing(outcomes, [
    left('from', ({ run }) => run.where),
    left('name', ({ run }) => shorten(run.name || UNKNOWN, NAME_LETTERS)),
    left('model', ({ run }) => run.model),
    left('experiment', ({ run }) => shorten(run.record.experiment, NAME_LETTERS)),
    left(
      'target',
      ({ run: { record } }) => `${String(record.metric).toLowerCase()} −${percent(record.share)}`,
    ),
    right('value', ({ run }) => valueText(run)),
    right('MACs', ({ run }) => (run.macs === null ? UNKNOWN : magnitude(run.macs))),
    right('epochs', ({ run }) => String(run.epochs.length)),
    left('state', ({ state, id }) => [WORDS[state], id].filter(Boolean).join(' ')),
    left('why', ({ reason }) => reason ?? ''),
  ]);
}

function valueText(run: PlannedRun): string {
  const { qualityMetric } = run.record;
  const unit = qualityMetric?.unit?.toLowerCase();
  const metric = qualityMetric ? metricBy(`${qualityMetric.name}:higher:${unit}`) : TOP1;
  return metricValue(metric, worthOf(run));
}
