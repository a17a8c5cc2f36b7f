import { grouped } from '#src/format/numbers.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { Notice } from '#src/ui/notice.tsx';
import type { RunDetail } from './run-page-query.ts';

/** How far a worker is with evaluating the network of this run again, or why it failed. */
export function RecomputationNotice({ of }: { of: RunDetail['recomputation'] }) {
  if (!of || of.state === 'DONE' || of.state === 'CANCELLED') return null;
  const { state, error, images, done } = of;
  return (
    <div className="mb-4">
      {state === 'FAILED' ? (
        <Notice kind="error">
          The network could not be evaluated again: {error}. What was told of it stands as it was.
        </Notice>
      ) : (
        <>
          {/* No event tells of it. */}
          <Refresh seconds={2} />
          <Notice>
            {state === 'WAITING'
              ? `Waits for a worker, which evaluates the network again on ${grouped(images)} test images.`
              : `A worker evaluates the network again: ${grouped(done)} of ${grouped(images)} test images.`}
          </Notice>
        </>
      )}
    </div>
  );
}
