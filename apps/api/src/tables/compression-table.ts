import { COMPRESSION_METRICS } from '@espalier/comparison';
import { points, times } from '@espalier/tables';
import type { compressionOf } from '../compression/compression.ts';
import { costWords } from './run-columns.ts';
import { plainColumns, type TwoTables } from './table-file.ts';

type Compression = Awaited<ReturnType<typeof compressionOf>>;
type Best = Compression['rows'][number]['best'][number];

const DATA_COLUMNS = plainColumns([
  ...['model', 'modelId', 'dataset', 'datasetId', 'images', 'recalibrate', 'repair', 'runs', 'networks'],
  ...['budget', 'runId', 'name', 'baseTop1', 'top1', 'drop'],
  ...COMPRESSION_METRICS.map(ratioKey),
  'device',
]);

/** For programs a line for each network and budget, for people one for each network. */
export function compressionTables({ budgets, metric, rows }: Compression): TwoTables {
  return {
    data: {
      columns: DATA_COLUMNS,
      rows: rows.flatMap(({ best, experimentId: _, ...row }) =>
        best.map((one, i) => ({ ...row, budget: budgets[i], ...bestData(one) })),
      ),
    },
    paper: {
      columns: [
        { key: 'model', head: 'Model' },
        { key: 'dataset', head: 'Data set' },
        { key: 'networks', head: 'Networks', right: true },
        ...budgets.map((budget, i) => ({
          key: String(i),
          head: `${costWords(metric)}, ≤ ${Number((budget * 100).toFixed(2))} pt`,
          right: true,
        })),
      ],
      rows: rows.map(({ model, dataset, networks, best }) => ({
        ...{ model, dataset, networks },
        ...Object.fromEntries(best.map((one, i) => [String(i), bestWords(one, metric)])),
      })),
    },
  };
}

function bestData(best: Best | undefined) {
  const ratios = COMPRESSION_METRICS.map((name) => [ratioKey(name), best?.ratio[name] ?? null]);
  if (!best) {
    return { runId: null, name: null, baseTop1: null, top1: null, drop: null, ...Object.fromEntries(ratios) };
  }
  const { runId, name, baseTop1, top1, drop, device } = best;
  return { runId, name, baseTop1, top1, drop, ...Object.fromEntries(ratios), device };
}

/** "2.01×, −0.42 pt" */
function bestWords(best: Best | undefined, metric: Compression['metric']): string | null {
  const ratio = best?.ratio[metric];
  return best && ratio != null ? `${times(ratio)}, ${points(-best.drop)}` : null;
}

/** As in an export of runs. */
function ratioKey(name: string): string {
  return `ratio${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
