import { times } from '#src/format/numbers.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { TextLink } from '#src/ui/text-link.tsx';

/** The run of an experiment that saves most MACs while it loses at most one point. */
export const experimentBest = graphql(`
  fragment ExperimentBest on Experiment @_unmask {
    qualityMetric { unit }
    best: runs(
      first: 1
      filter: { state: { in: [FINISHED] }, valueDrop: { max: 0.01 } }
      order: { by: RATIO_MACS, direction: DESC }
    ) {
      nodes { id strategy { name } result { ratio { macs } } }
    }
  }
`);

/** Of metrics that are no shares there are no points. */
export function Best({ of: { best, qualityMetric } }: { of: ResultOf<typeof experimentBest> }) {
  const [run] = best.nodes;
  if (qualityMetric.unit !== 'SHARE' || !run) return null;
  return (
    <span className="whitespace-nowrap">
      <TextLink href={`/runs/${run.id}`}>{times(run.result?.ratio.macs, 1)}</TextLink>{' '}
      <span className="text-small text-ink-soft">{run.strategy.name}</span>
    </span>
  );
}
