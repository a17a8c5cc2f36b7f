import { InputError } from '@espalier/errors';
import type { Client } from './client.ts';

/** Runs beyond which every two of them are no longer told. */
const MOST_PAIRED = 12;

export interface ComparedRun {
  readonly id: string;
  readonly model: string;
  readonly dataset: string;
  readonly allocation: string;
  readonly criterion: string;
  readonly metric: string;
  readonly share: number;
  readonly seed: number;
  readonly state: string;
  readonly top1: number | null;
  /** The unpruned network's top-1 minus its own. */
  readonly drop: number | null;
  readonly macs: number | null;
  readonly savedMacs: number | null;
  readonly params: number | null;
  readonly savedParams: number | null;
  readonly latencyMs: number | null;
}

const COLUMNS = `id model dataset allocation criterion metric share seed state top1 drop macs savedMacs params
  savedParams latencyMs`;

type Columns = { readonly [column in keyof ComparedRun]: readonly ComparedRun[column][] };

interface Reason {
  readonly rule: string;
  readonly text: string;
}

export type Verdict = 'comparable' | 'reservations' | 'notComparable';

interface Strategy {
  readonly allocation: string;
  readonly criterion: string;
}

/** A mean over seeds. */
interface Spread {
  readonly mean: number;
  readonly deviation: number | null;
  readonly n: number;
}

/** Runs that may be compared, and how their strategies do. */
export interface ComparedGroup {
  readonly name: string;
  readonly count: number;
  readonly ranks: {
    readonly points: readonly { readonly metric: string; readonly share: number; readonly shared: boolean }[];
    readonly strategies: readonly {
      readonly strategy: Strategy;
      readonly meanRank: number | null;
      readonly overall: Spread | null;
      readonly points: readonly ((Spread & { readonly rank: number }) | null)[];
    }[];
  };
}

/** Two runs, image by image and group by group. */
export interface ComparedPair {
  readonly a: string;
  readonly b: string;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly test: {
    readonly b: number;
    readonly c: number;
    readonly images: number;
    readonly difference: number;
    readonly standardError: number;
    readonly p: number;
  } | null;
  readonly similarity: { readonly widths: number; readonly units: number | null } | null;
}

export interface Comparison {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly badges: readonly { readonly name: string; readonly earned: boolean; readonly text: string }[];
  /** In the order in which they were asked for. */
  readonly runs: readonly ComparedRun[];
  readonly groups: readonly ComparedGroup[];
  /** Empty for many runs. */
  readonly pairs: readonly ComparedPair[];
}

interface Answer {
  readonly comparison: {
    readonly comparability: Pick<Comparison, 'verdict' | 'reasons' | 'badges'>;
    readonly columns: Columns;
  };
  readonly analysis: Pick<Comparison, 'groups'> & Partial<Pick<Comparison, 'pairs'>>;
}

/** @throws {InputError} for fewer than two runs, and for one that there is not */
export async function compareRuns(client: Client, asked: readonly string[]): Promise<Comparison> {
  const ids = [...new Set(asked)];
  if (ids.length < 2) throw new InputError('a comparison needs two runs; give more of them');
  const { comparison, analysis } = await client.ask<Answer>(
    `query ($ids: [ID!]!, $paired: Boolean!) {
      comparison(filter: { ids: $ids }) {
        comparability { verdict reasons { rule text } badges { name earned text } }
        columns { ${COLUMNS} }
      }
      analysis(filter: { ids: $ids }) {
        groups(first: 20) {
          name count
          ranks {
            points { metric share shared }
            strategies {
              strategy { allocation criterion } meanRank overall { mean deviation n }
              points { rank mean deviation n }
            }
          }
        }
        pairs(runIds: $ids) @include(if: $paired) {
          a b verdict reasons { rule text }
          test { b c images difference standardError p } similarity { widths units }
        }
      }
    }`,
    { ids, paired: ids.length <= MOST_PAIRED },
  );
  const { columns, comparability } = comparison;
  const runs = new Map(
    columns.id.map((id, row) => [
      id,
      Object.fromEntries(
        Object.entries(columns).map(([name, values]) => [name, values[row] ?? null]),
      ) as unknown as ComparedRun,
    ]),
  );
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
