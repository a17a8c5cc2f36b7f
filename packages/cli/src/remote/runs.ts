import { InputError } from '@espalier/errors';
import { table } from '../render/table.ts';
import { count, magnitude, milliseconds, percent, UNKNOWN } from '../render/units.ts';
import type { Client } from './client.ts';
import { type FragmentOf, graphql } from './graphql.ts';

export const runFields = graphql(`
  fragment RunFields on Run {
    id name strategy { name } allocation criterion metric share seed state isOver error progress { waitsFor done total }
    result {
      top1 prunedTop1 params macs latencyMs baseLatencyMs throughput baseThroughput sha256 downloadUrl
    }
  }
`);

/** A run as the commands ask for it. */
export type Run = FragmentOf<typeof runFields>;

const oneRun = graphql('query OneRun($id: ID!) { run(id: $id) { ...RunFields } }', [runFields]);

const runsOfExperiment = graphql(
  `
    query RunsOfExperiment($after: ID, $experimentId: ID) {
      page: runs(first: 100, after: $after, experimentId: $experimentId) {
        nodes { ...RunFields } pageInfo { hasNextPage endCursor }
      }
    }
  `,
  [runFields],
);

/** As people call it. */
export function stateWord(state: string): string {
  return state === 'finetuning' ? 'fine-tuning' : state;
}

/** @throws {InputError} if there is none */
export async function findRun(client: Client, id: string): Promise<Run> {
  const { run } = await client.ask(oneRun, { id });
  if (!run) throw new InputError(`there is no run ${id}`);
  return run;
}

/** All runs of an experiment, the oldest first. */
export async function runsOf(client: Client, experimentId: string): Promise<Run[]> {
  const runs = await client.all(runsOfExperiment, { experimentId });
  return runs.reverse();
}

/** Runs with their results; on top of those of one experiment the network as it was given. */
export function runTable(
  runs: readonly Run[],
  given?: {
    readonly model: { readonly params: number; readonly macs: number };
    readonly base: { readonly top1: number } | null;
  },
): string {
  if (runs.length === 0) return 'no runs';
  const timed = runs.find(({ result }) => result?.baseLatencyMs != null)?.result;
  const base = given && [
    ...['', 'unpruned', '', '', ''],
    ...[percent(given.base?.top1 ?? null), '', magnitude(given.model.params), magnitude(given.model.macs)],
    ...speed(timed?.baseLatencyMs ?? null, timed?.baseThroughput ?? null),
  ];
  return table(
    [
      { title: 'run' },
      { title: 'strategy' },
      { title: 'target' },
      { title: 'seed', align: 'right' },
      { title: 'state' },
      { title: 'top-1', align: 'right' },
      { title: 'as cut', align: 'right' },
      { title: 'params', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'latency', align: 'right' },
      { title: 'images/s', align: 'right' },
    ],
    [
      ...(base ? [base] : []),
      ...runs.map(({ id, strategy, metric, share, seed, state, result }) => [
        id,
        strategy.name,
        `${metric} −${percent(share)}`,
        String(seed),
        stateWord(state),
        ...(result
          ? [
              percent(result.top1),
              percent(result.prunedTop1),
              magnitude(result.params),
              magnitude(result.macs),
              ...speed(result.latencyMs, result.throughput),
            ]
          : ['', '', '', '', '', '']),
      ]),
    ],
  );
}

function speed(latencyMs: number | null, throughput: number | null): string[] {
  return [
    latencyMs === null ? UNKNOWN : milliseconds(latencyMs),
    throughput === null ? UNKNOWN : count(throughput),
  ];
}
