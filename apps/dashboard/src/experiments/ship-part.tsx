import { shortFormat } from '#src/format/model-format.ts';
import { points, times } from '#src/format/numbers.ts';
import { changeOf, changeText, type QualityMetric } from '#src/format/quality.ts';
import { targetWords } from '#src/format/strategies.ts';
import { query } from '#src/graphql/server.ts';
import { Shipped } from '#src/runs/shipped.tsx';
import { Speed } from '#src/runs/speed.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dot } from '#src/ui/dot.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { DROPS, type ShipRun, toShip } from './ship-query.ts';

/**
 * Which network to take: of each drop that one may allow, the run that saves most. Only where drops are shares.
 *
 * @param smallestDrop of all finished runs; null where none is known
 */
export async function ShipPart({
  experimentId,
  modelId,
  metric,
  smallestDrop,
}: {
  experimentId: string;
  modelId: string;
  metric: QualityMetric;
  smallestDrop: number | null;
}) {
  if (metric.unit !== 'SHARE' || smallestDrop === null) return null;
  const { model } = await query(toShip, { modelId, filter: { experiment: { in: [experimentId] } } });
  const rows = (Object.keys(DROPS) as (keyof typeof DROPS)[]).map((name) => ({
    drop: DROPS[name],
    run: model?.[name] ?? null,
  }));
  return (
    <Section title="Which one to ship" aside="the fewest MACs for what it may lose" className="mb-8">
      {rows.every(({ run }) => run === null) ? (
        <p className="py-2">
          No run loses {points(DROPS.two, 0).replace('+', '')} or less. The smallest loss so far is{' '}
          {changeText(metric, changeOf(metric, smallestDrop))}: remove less, or fine-tune.
        </p>
      ) : (
        <DataTable
          caption="Which one to ship"
          rows={rows}
          keyOf={({ drop }) => drop}
          columns={[
            {
              name: 'May lose',
              className: 'whitespace-nowrap',
              cell: ({ drop }) => points(drop, 1).replace('+', ''),
            },
            {
              name: 'Run',
              className: 'min-w-44',
              cell: ({ run }) => (run ? <Name run={run} /> : 'none keeps to it'),
            },
            {
              name: `Change of ${metric.label}`,
              right: true,
              cell: ({ run }) => run && changeText(metric, changeOf(metric, run.result?.valueDrop)),
            },
            { name: 'Fewer MACs', right: true, cell: ({ run }) => run && times(run.result?.ratio.macs, 1) },
            {
              name: 'As fast',
              right: true,
              from: 'md',
              cell: ({ run }) =>
                run && (
                  <Speed ratio={run.result?.ratio.latency} interval={run.result?.latencyInterval ?? null} />
                ),
            },
            {
              name: 'File',
              right: true,
              cell: ({ run }) =>
                run?.result?.downloadUrl && (
                  <DownloadLink url={run.result.downloadUrl} label={shortFormat(run.result.format)} />
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Name({ run }: { run: ShipRun }) {
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Dot allocation={run.allocation} criterion={run.criterion} />
      <TextLink href={`/runs/${run.id}`}>{run.strategy.name}</TextLink>
      <span className="text-small text-ink-soft">
        {targetWords(run)}, seed {run.seed}
      </span>
      <Shipped of={run.shipped} />
    </span>
  );
}
