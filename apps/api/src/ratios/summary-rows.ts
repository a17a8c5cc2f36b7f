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

export const SUMMARY_COLUMNS: readonly string[] = [
  ...KEYS,
  ...['strategy', 'strategyKey', 'runs', 'networks', 'grounds'],
  ...VALUE_NAMES.flatMap((value) => ABOUT.map((about) => columnOf(value, about))),
];

/** Groups as a table; null is what was not asked for, or not measured. */
export function summaryRows(groups: readonly SummaryGroup[]): Readonly<Record<string, unknown>>[] {
  return groups.map((group) => {
    const { strategy, runs, networks, grounds, values } = group;
    return {
      ...Object.fromEntries(KEYS.map((key) => [key, group[key]])),
      ...{ strategy: strategy?.name ?? null, strategyKey: strategy?.key ?? null, runs, networks, grounds },
      ...Object.fromEntries(
        VALUE_NAMES.flatMap((value) =>
          ABOUT.map((about) => [columnOf(value, about), values[value]?.[about] ?? null]),
        ),
      ),
    };
  });
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
