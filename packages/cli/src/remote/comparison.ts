import { InputError } from '@espalier/errors';
import type { Client } from './client.ts';
import { type FragmentOf, graphql, type ResultOf } from './graphql.ts';

/** Runs beyond which every two of them are no longer told. */
const MOST_PAIRED = 12;

const comparedColumns = graphql(`
  fragment ComparedColumns on ComparisonColumns {
    id name model dataset strategy allocation criterion metric share seed state top1 drop macs savedMacs params savedParams
    latencyMs
  }
`);

const comparedRuns = graphql(
  `
    query ComparedRuns($ids: [ID!]!, $paired: Boolean!) {
      comparison(filter: { ids: $ids }) {
        comparability { verdict reasons { rule text } badges { name earned text } }
        columns { ...ComparedColumns }
      }
      analysis(filter: { ids: $ids }) {
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
type Comparability = Answer['comparison']['comparability'];

/** A row of the columns. */
export type ComparedRun = { readonly [column in keyof Columns]: Columns[column][number] };
/** Runs that may be compared, and how their strategies do. */
export type ComparedGroup = Answer['analysis']['groups'][number];
/** Two runs, image by image and group by group. */
export type ComparedPair = NonNullable<Answer['analysis']['pairs']>[number];
export type Verdict = Comparability['verdict'];

export interface Comparison extends Comparability {
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
    ...comparability,
    runs: ids.flatMap((id) => runs.get(id) ?? []),
    groups: analysis.groups,
    pairs: analysis.pairs ?? [],
  };
}

function rowOf(columns: Columns, row: number): ComparedRun {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, values[row] ?? null]),
  ) as unknown as ComparedRun;
}
