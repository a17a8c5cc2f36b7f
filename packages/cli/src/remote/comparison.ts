import { type Client, type FragmentOf, graphql, type ResultOf } from '@espalier/client';
import { InputError } from '@espalier/errors';
import { type Word, wordOf } from './enum-words.ts';
import { metricNamed } from './quality.ts';

/** Runs beyond which every two of them are no longer told. */
const MOST_PAIRED = 12;

const comparedColumns = graphql(`
  fragment ComparedColumns on ComparisonColumns {
    id: runId name model dataset strategy allocation criterion metric share seed state qualityMetric value valueDrop top1 drop macs savedMacs params savedParams
    latencyMs ratioLatency ratioLatencyLow ratioLatencyHigh predictedMs ratioPredicted measuredMs ratioMeasured ratioMeasuredLow ratioMeasuredHigh
  }
`);

const comparedRuns = graphql(
  `
    query ComparedRuns($ids: [ID!]!, $paired: Boolean!) {
      comparison(filter: { id: { in: $ids } }) {
        comparability { verdict reasons { rule text } badges { name earned text } }
        columns { ...ComparedColumns }
      }
      analysis(filter: { id: { in: $ids } }) {
        groups(first: 20) {
          name count qualityMetric { name }
          ranks {
            points { metric share shared apart }
            strategies {
              strategy { key name allocation criterion } meanRank overall { mean deviation n }
              points { rank mean deviation n }
            }
          }
        }
        pairs(runIds: $ids) @include(if: $paired) {
          a { id } b { id } verdict apart reasons { rule text }
          test { b c images difference standardError p } similarity { widths units }
        }
      }
    }
  `,
  [comparedColumns],
);

type Columns = FragmentOf<typeof comparedColumns>;
type Answer = ResultOf<typeof comparedRuns>;
type Group = Answer['analysis']['groups'][number];
type Pair = NonNullable<Answer['analysis']['pairs']>[number];
type Comparability = Answer['comparison']['comparability'];
type Rule = Comparability['reasons'][number]['rule'];
type Judged<Answer> = Omit<Answer, 'verdict' | 'reasons'> & {
  readonly verdict: Word<Comparability['verdict']>;
  readonly reasons: readonly { readonly rule: Word<Rule>; readonly text: string }[];
};

/** A row of the columns. */
export type ComparedRun = ReturnType<typeof rowOf>;
/** Runs that may be compared, and how their strategies do. */
export type ComparedGroup = ReturnType<typeof groupOf>;
/** Two runs, image by image and group by group. */
export type ComparedPair = Judged<Pair>;
export type Verdict = ComparedPair['verdict'];

/** Runs in the order in which they were asked for; no pairs of many runs. */
export type Comparison = Awaited<ReturnType<typeof compareRuns>>;

/** @throws {InputError} for fewer than two runs, and for one that there is not */
export async function compareRuns(client: Client, asked: readonly string[]) {
  const ids = [...new Set(asked)];
  if (ids.length < 2) throw new InputError('a comparison needs two runs; give more of them');
  const { comparison, analysis } = await client.ask(comparedRuns, { ids, paired: ids.length <= MOST_PAIRED });
  const { columns, comparability } = comparison;
  const runs = new Map(columns.id.map((id, row) => [id, rowOf(columns, row)]));
  const missing = ids.find((id) => !runs.has(id));
  if (missing !== undefined)
    throw new InputError(`there is no run ${missing}; espalier runs list shows them`);
  return {
    ...judged(comparability),
    // As the rules themselves call them: "operating points".
    badges: comparability.badges.map(({ name, ...badge }) => {
      return { name: name.toLowerCase().replaceAll('_', ' '), ...badge };
    }),
    runs: ids.flatMap((id) => runs.get(id) ?? []),
    groups: analysis.groups.map(groupOf),
    pairs: (analysis.pairs ?? []).map(judged),
  };
}

/** Every run has its texts, share and seed; other numbers are null if they are not known. */
function rowOf(columns: Columns, row: number) {
  const text = (column: readonly (string | null)[]) => column[row] ?? '';
  const number = (column: readonly (number | null)[]) => column[row] ?? null;
  return {
    id: text(columns.id),
    name: text(columns.name),
    model: text(columns.model),
    dataset: text(columns.dataset),
    strategy: text(columns.strategy),
    allocation: text(columns.allocation),
    criterion: text(columns.criterion),
    metric: wordOf(text(columns.metric)),
    share: number(columns.share) ?? 0,
    seed: number(columns.seed) ?? 0,
    state: wordOf(text(columns.state)),
    qualityMetric: metricNamed(columns.qualityMetric[row] ?? null).name,
    value: number(columns.value),
    valueDrop: number(columns.valueDrop),
    top1: number(columns.top1),
    drop: number(columns.drop),
    macs: number(columns.macs),
    savedMacs: number(columns.savedMacs),
    params: number(columns.params),
    savedParams: number(columns.savedParams),
    latencyMs: number(columns.latencyMs),
    ratioLatency: number(columns.ratioLatency),
    latencyInterval: interval(number(columns.ratioLatencyLow), number(columns.ratioLatencyHigh)),
    predictedMs: number(columns.predictedMs),
    ratioPredicted: number(columns.ratioPredicted),
    measuredMs: number(columns.measuredMs),
    ratioMeasured: number(columns.ratioMeasured),
    measuredInterval: interval(number(columns.ratioMeasuredLow), number(columns.ratioMeasuredHigh)),
  };
}

/** Null if one of its ends was not kept. */
function interval(low: number | null, high: number | null) {
  return low === null || high === null ? null : { low, high };
}

function groupOf({ ranks, ...group }: Group) {
  const points = ranks.points.map((point) => ({ ...point, metric: wordOf(point.metric) }));
  return { ...group, ranks: { ...ranks, points } };
}

function judged<Answer extends Pick<Comparability, 'verdict' | 'reasons'>>(answer: Answer): Judged<Answer> {
  const reasons = answer.reasons.map(({ rule, text }) => ({ rule: wordOf(rule), text }));
  return { ...answer, verdict: wordOf(answer.verdict), reasons };
}
