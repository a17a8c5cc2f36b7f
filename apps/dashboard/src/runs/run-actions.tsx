'use client';

import { Download } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { isOver } from '#src/format/status.ts';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import type { RunDetail } from './run-page-query.ts';

const cancelRun = graphql(`
  mutation CancelRun($id: ID!) {
    cancelRun(id: $id) { ok error { message } }
  }
`);

/** What can be done with a run as it stands. */
export function RunActions({ run }: { run: RunDetail }) {
  const router = useRouter();
  const [error, setError] = useState<string | null>(null);
  const [pending, start] = useTransition();

  function cancel(): void {
    start(async () => {
      try {
        const { cancelRun: answer } = await send(cancelRun, { id: run.id });
        setError(answer.error?.message ?? null);
        router.refresh();
      } catch (problem) {
        setError(problem instanceof Error ? problem.message : String(problem));
      }
    });
  }

  return (
    <>
      {error && <Notice kind="error">{error}</Notice>}
      {!isOver(run.state) && (
        <Button look="danger" onClick={cancel} disabled={pending}>
          Cancel run
        </Button>
      )}
      {run.result && (
        <a
          href={run.result.downloadUrl}
          download={`${run.experiment.model.name}-${run.allocation}-${run.metric}-${run.share}.onnx`}
          className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-3 font-medium text-accent-ink hover:bg-accent-hover"
        >
          <Download aria-hidden className="size-4" />
          Download ONNX
        </a>
      )}
    </>
  );
}
