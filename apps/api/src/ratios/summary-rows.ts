import { metricBy } from '@espalier/engines';
import { type Row, times } from '@espalier/tables';
import { metricCalled, metricMeant } from '../experiments/quality-metric.ts';
import { changeBy, costWords } from '../tables/run-columns.ts';
import { plainColumns, type TwoTables } from '../tables/table-file.ts';
import { type SummaryGroup, VALUE_NAMES } from './summary.ts';

const ABOUT = ['n', 'mean', 'deviation', 'best', 'bestRunId'] as const;

/** `ratioMacsMean`, `dropBest`: as the columns of an export of runs begin. */
const columnOf = (value: string, about: string) => {
  const start = value === 'top1' || value === 'drop' ? value : `ratio${capital(value)}`;
  return `${start}${capital(about)}`;
};

const KEYS = [
  ...['model', 'modelId', 'dataset', 'datasetId', 'project', 'projectId'],
  ...['metric', 'share'],
] as const satisfies readonly (keyof SummaryGroup)[];

const SUMMARY_COLUMNS: readonly string[] = [
  ...KEYS,
  ...['strategy', 'strategyKey', 'runs', 'networks', 'grounds', 'profiles', 'qualityMetric'],
  ...VALUE_NAMES.flatMap((value) => ABOUT.map((about) => columnOf(value, about))),
];

/** Groups as a table. Whatever is not asked for is null in every one of them: a paper has no column for it. */
export function summaryTables(groups: readonly SummaryGroup[]): TwoTables {
  const rows = summaryRows(groups);
  const isKnown = ({ key }: { readonly key: string }) => rows.some((row) => row[key] != null);
  return {
    data: { columns: plainColumns(SUMMARY_COLUMNS), rows },
    paper: { columns: PAPER_COLUMNS.filter(isKnown), rows },
  };
}

/** null is what was not asked for, or not measured. */
function summaryRows(groups: readonly SummaryGroup[]): Readonly<Record<string, unknown>>[] {
  return groups.map((group) => {
    const { strategy, runs, networks, grounds, profiles, qualityMetric, values } = group;
    return {
      ...Object.fromEntries(KEYS.map((key) => [key, group[key]])),
      ...{ strategy: strategy?.name ?? null, strategyKey: strategy?.key ?? null, runs, networks, grounds },
      profiles,
      qualityMetric: qualityMetric === null ? null : metricCalled(qualityMetric),
      ...Object.fromEntries(
        VALUE_NAMES.flatMap((value) =>
          ABOUT.map((about) => [columnOf(value, about), values[value]?.[about] ?? null]),
        ),
      ),
    };
  });
}

const PAPER_COLUMNS = [
  { key: 'model', head: 'Model' },
  { key: 'dataset', head: 'Data set' },
  { key: 'strategy', head: 'Strategy' },
  { key: 'project', head: 'Project' },
  {
    key: 'share',
    head: 'To remove',
    right: true,
    words: (share: number) => `${Number((share * 100).toFixed(1))} %`,
  },
  { key: 'metric', head: 'Of', words: costWords },
  { key: 'networks', head: 'Networks', right: true },
  { key: 'dropMean', head: 'Change, mean', right: true, words: changeWords },
  ...VALUE_NAMES.filter((value) => value !== 'top1' && value !== 'drop').map((value) => ({
    key: columnOf(value, 'mean'),
    head: `${capital(costWords(value))} ratio, mean`,
    right: true,
    words: times,
  })),
];

/** There is a mean drop only where all are judged by one metric. */
function changeWords(drop: number, { qualityMetric }: Row): string {
  return changeBy(metricBy(metricMeant(String(qualityMetric))), drop);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
