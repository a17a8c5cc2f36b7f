import { type AnyMetric, metricBy } from '@espalier/engines';
import { type Column, escapeHtml, percent, type Row, WRITERS, written } from '@espalier/tables';
import { runColumns } from '../tables/run-columns.ts';
import { valuePicture } from './picture.ts';
import { MOST_REPORTED, type Report, type ReportedRun } from './report.ts';
import { STYLE } from './style.ts';

/** Whatever shows it: nothing is fetched, nothing runs. */
export const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const VERDICTS = {
  comparable: 'These results are comparable',
  reservations: 'These results are comparable, with reservations',
  'not-comparable': 'These results are not comparable',
} as const;

/** One file that shows itself: no script, nothing from elsewhere. */
export function reportPage(report: Report): string {
  const { title, runs } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="soft">As it was on <time datetime="${report.madeAt}">${momentWords(report.madeAt)}</time>. ${countWords(report)}</p>
${verdictPart(report)}
${picturePart(runs)}
${report.ranks.rows.length > 1 ? tablePart('Which strategy wins', report.ranks.columns, report.ranks.rows, 'Only runs that may be compared share a ranking; mean ± deviation over different networks.') : ''}
${tablePart(runs.length === 1 ? 'Result' : 'Results', resultColumns(report), runs, `Values as exported, on the whole test split; the change is against the unpruned network on the same images. ${directionWords(runs)}A ratio is base over pruned: 2 is twice as small, or twice as fast. Of measured times the interval with 95 % confidence stands behind it.`)}
${structurePart(report)}
${originPart(report)}
</main>
</body>
</html>
`;
}

const RESULT_COLUMNS = [
  ...(['experiment', 'model', 'dataset', 'strategy', 'conditions', 'share', 'metric', 'seed'] as const),
  ...([
    'qualityMetric',
    'baseValue',
    'value',
    'valueDrop',
    'savedMacs',
    'savedParams',
    'ratioMacs',
    'ratioParams',
    'latencyMs',
    'ratioLatency',
    'predictedMs',
    'ratioPredicted',
    'measuredMs',
    'ratioMeasured',
    'profiledDevice',
    'evidence',
  ] as const),
];
const ORIGIN_COLUMNS = [
  ...(['id', 'networkHash', 'settingKey', 'images', 'engine', 'device', 'finishedAt'] as const),
];

/** Of one experiment its name stands above. */
function resultColumns({ kind }: Report): Column[] {
  return runColumns(RESULT_COLUMNS.filter((name) => kind === 'comparison' || name !== 'experiment'));
}

function verdictPart({ kind, runs, verdict, reasons, badges }: Report): string {
  if (kind === 'run' || runs.length < 2) return '';
  const because = reasons.map(({ text }) => `<li>${escapeHtml(text)}</li>`);
  const earned = badges.map(({ earned: has, text }) => `<li>${has ? '✓' : '–'} ${escapeHtml(text)}</li>`);
  return [
    '<h2>May they be compared?</h2>',
    `<p class="verdict ${verdict}">${VERDICTS[verdict]}.</p>`,
    because.length > 0 ? `<ul>${because.join('')}</ul>` : '',
    `<ul class="soft">${earned.join('')}</ul>`,
  ].join('\n');
}

function picturePart(runs: readonly ReportedRun[]): string {
  const [metric, ...others] = metricsOf(runs);
  // Values of two metrics have no axis in common.
  if (!metric || others.length > 0) return '';
  const points = runs.flatMap(({ strategy, savedMacs, value }) =>
    typeof savedMacs === 'number' && typeof value === 'number'
      ? [{ series: String(strategy), saved: savedMacs, value }]
      : [],
  );
  // Of several networks there is no line.
  const bases = new Set(
    runs.map(({ baseHash, datasetHash, baseValue }) => `${baseHash} ${datasetHash} ${baseValue}`),
  );
  const base = runs[0]?.baseValue;
  const known = bases.size === 1 && typeof base === 'number' ? base : null;
  return points.length === 0
    ? ''
    : `<h2>${capital(metric.label)} and cost</h2>\n<figure>${valuePicture(points, known, metric)}</figure>`;
}

/** By what the runs are judged. */
function metricsOf(runs: readonly ReportedRun[]): AnyMetric[] {
  return [...new Set(runs.map(({ qualityMetric }) => String(qualityMetric)))].map(metricBy);
}

/** Of accuracies everybody knows which way is better. */
function directionWords(runs: readonly ReportedRun[]): string {
  return metricsOf(runs)
    .filter(({ direction }) => direction === 'lower')
    .map(({ label }) => `${capital(label)}: lower is better. `)
    .join('');
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function structurePart({ structure }: Report): string {
  if (!structure) return '';
  const columns: Column[] = [
    { key: 'group', head: 'Channel group' },
    { key: 'before', head: 'Units', right: true },
    { key: 'after', head: 'Kept', right: true },
    { key: 'share', head: 'Share kept', right: true, words: (share: number) => percent(share, 1) },
  ];
  const rows = structure.groups.map((group) => ({ ...group, share: group.after / group.before }));
  return tablePart('Structure', columns, rows, 'How many units each channel group keeps.');
}

function originPart(report: Report): string {
  const { runs, structure, hash, madeAt, version, truncated } = report;
  const bases = new Map(runs.map((run) => [`${run.baseHash} ${run.datasetHash}`, run]));
  return [
    '<h2>Where the numbers come from</h2>',
    `<p>${sourceWords(runs)}</p>`,
    `<dl><dt>Made</dt><dd>${madeAt}, by Espalier ${escapeHtml(version)}</dd>`,
    `<dt>Hash of the report</dt><dd><code>${hash}</code></dd>`,
    ...(structure?.sha256
      ? [`<dt>ONNX file, sha256</dt><dd><code>${escapeHtml(structure.sha256)}</code></dd>`]
      : []),
    '</dl>',
    truncated ? `<p class="soft">Of the finished runs the newest ${MOST_REPORTED} are in it.</p>` : '',
    table(runColumns(['model', 'baseHash', 'dataset', 'datasetHash', 'decoding']), [...bases.values()]),
    table(runColumns(ORIGIN_COLUMNS), runs),
  ].join('\n');
}

/** What stands behind the numbers: evidence has what was imported alone. */
function sourceWords(runs: readonly ReportedRun[]): string {
  const own = 'was computed by a worker of Espalier on the network and the images that the hashes name';
  const imported = runs.filter(({ evidence }) => evidence != null).length;
  if (imported === 0) return `Each number ${own}.`;
  const told =
    'Results with an evidence are imported: their numbers were reported by those who computed them.';
  return imported === runs.length ? told : `${told} Each other number ${own}.`;
}

function tablePart(title: string, columns: readonly Column[], rows: readonly Row[], about: string): string {
  if (rows.length === 0) return '';
  return `<h2>${title}</h2>\n${table(columns, rows)}<p class="soft">${about}</p>`;
}

/** Without the columns that say nothing. */
function table(columns: readonly Column[], rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const told = columns.filter(({ key }) => rows.some((row) => row[key] != null && row[key] !== ''));
  return `<div class="wide">${written(WRITERS.html, told, rows)}</div>`;
}

function countWords({ kind, count, finished }: Report): string {
  if (kind === 'run') return finished === 1 ? 'The run has finished.' : 'The run has no result yet.';
  return `${finished} of ${count} runs have finished.`;
}

/** "2026-11-29 18:04 UTC" */
function momentWords(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}
