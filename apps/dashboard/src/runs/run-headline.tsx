import type { ReactNode } from 'react';
import { count, milliseconds, percent, times } from '#src/format/numbers.ts';
import type { RunDetail } from './run-page-query.ts';

/** The story in one line: what it was worth, right after the cut, and now; what it cost and costs. */
export function RunHeadline({ run }: { run: RunDetail }) {
  const { result, experiment } = run;
  const { model } = experiment;
  return (
    <dl className="mb-4 grid grid-cols-2 gap-x-8 gap-y-3 lg:grid-cols-4">
      <Change
        name="Top-1"
        note={result ? 'test split: unpruned → as cut → as exported' : 'test split, unpruned'}
      >
        {result ? (
          <>
            {percent(experiment.base?.top1)} → {percent(result.prunedTop1)} →{' '}
            <strong>{percent(result.top1)}</strong>
          </>
        ) : (
          percent(experiment.base?.top1)
        )}
      </Change>
      <Change
        name="MACs"
        note={result ? `${times(model.macs, result.macs)} fewer than the model` : 'of the model'}
      >
        {count(model.macs)}
        {result && (
          <>
            {' → '}
            <strong>{count(result.macs)}</strong>
          </>
        )}
      </Change>
      <Change
        name="Params"
        note={result ? `${times(model.params, result.params)} smaller than the model` : 'of the model'}
      >
        {count(model.params)}
        {result && (
          <>
            {' → '}
            <strong>{count(result.params)}</strong>
          </>
        )}
      </Change>
      <Change
        name="Latency"
        note={
          result?.latencyMs
            ? `p50, one image; ${times(result.baseLatencyMs, result.latencyMs)} as fast`
            : 'measured at the end'
        }
      >
        {result?.latencyMs ? (
          <>
            {milliseconds(result.baseLatencyMs)} → <strong>{milliseconds(result.latencyMs)}</strong>
          </>
        ) : (
          '–'
        )}
      </Change>
    </dl>
  );
}

function Change({ name, note, children }: { name: string; note: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-small text-ink-soft">{name}</dt>
      <dd className="text-lead tabular-nums">{children}</dd>
      <dd className="text-small text-ink-soft">{note}</dd>
    </div>
  );
}
