import { InputError } from '@espalier/errors';
import type { Client } from './client.ts';
import { type Word, wordOf } from './enum-words.ts';
import { type FragmentOf, graphql, type ResultOf } from './graphql.ts';

/** Runs beyond which every two of them are no longer told. */
const MOST_PAIRED = 12;

const comparedColumns = graphql(`
  fragment ComparedColumns on ComparisonColumns {
    id: runId name model dataset strategy allocation criterion metric share seed state top1 drop macs savedMacs params savedParams
    latencyMs
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
          name count
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

export interface Comparison extends Omit<Judged<Comparability>, 'badges'> {
  readonly badges: readonly { readonly name: string; readonly earned: boolean; readonly text: string }[];
  /** In the order in which they were asked for. */
  readonly runs: readonly ComparedRun[];
  readonly groups: readonly ComparedGroup[];
  /** Empty for many runs. */
  readonly pairs: readonly ComparedPair[];
}

/** @throws {InputError} for fewer than two runs, and for one that there is not */
export async function compareRuns(client: Client, asked: readonly string[]): Promise<Comparison> {
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

function rowOf(columns: Columns, row: number) {
  const values = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, values[row] ?? null]),
  ) as unknown as { readonly [column in keyof Columns]: Columns[column][number] };
  return { ...values, metric: wordOf(values.metric), state: wordOf(values.state) };
}

function groupOf({ ranks, ...group }: Group) {
  const points = ranks.points.map((point) => ({ ...point, metric: wordOf(point.metric) }));
  return { ...group, ranks: { ...ranks, points } };
}

function judged<Answer extends Pick<Comparability, 'verdict' | 'reasons'>>(answer: Answer): Judged<Answer> {
  const reasons = answer.reasons.map(({ rule, text }) => ({ rule: wordOf(rule), text }));
  return { ...answer, verdict: wordOf(answer.verdict), reasons };
}
