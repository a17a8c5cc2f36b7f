import { setTimeout } from 'node:timers/promises';
import { type Client, graphql } from '@espalier/client';
import { metricBy } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { count, metricChange, metricValue } from '../render/units.ts';
import type { Context } from '../terminal.ts';
import { metricNamed } from './quality.ts';

const recomputeRun = graphql(`
  mutation RecomputeRun($input: RecomputeRunInput!) {
    payload: recomputeRun(input: $input) { ok errors { message path } made: run { id } }
  }
`);

const cancelRecomputation = graphql(`
  mutation CancelRecomputation($input: CancelRecomputationInput!) {
    payload: cancelRecomputation(input: $input) { ok errors { message path } made: run { id } }
  }
`);

const asItStands = graphql(`
  query RecomputationOf($id: ID!) {
    run(id: $id) {
      experiment { qualityMetric { name } }
      recomputation {
        state error images done value told difference standardError agrees top1 top5 loss notes seconds dataset { id name }
      }
    }
  }
`);

const POLL_MS = 1000;

/** As the command tells it. */
export type Recomputed = Awaited<ReturnType<typeof recompute>>;

/**
 * Has a worker evaluate the network of an imported run again, and waits for it; whoever stops waiting does not stop
 * the worker.
 *
 * @param images of the test split; undefined for all
 * @throws {InputError} where it is refused, or fails
 */
export async function recompute(
  client: Client,
  { id, images }: { readonly id: string; readonly images: number | undefined },
  { terminal, signal }: Context,
) {
  await client.change(recomputeRun, { runId: id, images: images ?? null });
  const progress = terminal.progress('evaluating the network', 'images');
  try {
    for (;;) {
      signal.throwIfAborted();
      const { run } = await client.ask(asItStands, { id });
      if (!run?.recomputation) throw new InputError(`there is no run ${id} any more`);
      const { state, error, ...found } = run.recomputation;
      if (state === 'FAILED') throw new InputError(error ?? 'it failed');
      if (state === 'CANCELLED') throw new InputError('it was cancelled');
      if (state === 'DONE')
        return { ...found, qualityMetric: metricNamed(run.experiment.qualityMetric.name).name };
      progress.update(found.done, found.images);
      await setTimeout(POLL_MS, undefined, { signal });
    }
  } finally {
    terminal.endProgress();
  }
}

/** @throws {InputError} where none of the run is under way */
export async function cancelRecomputing(client: Client, id: string): Promise<{ readonly id: string }> {
  return (await client.change(cancelRecomputation, { runId: id })).made;
}

/** "top-1 91.20 % of 2,000 test images; told was 91.25 %: −0.05 pt". */
export function recomputedText({
  qualityMetric,
  images,
  value,
  told,
  difference,
  standardError,
  agrees,
  notes,
}: Recomputed): string {
  const metric = metricBy(qualityMetric);
  const found = `${metric.label} ${metricValue(metric, value)} of ${count(images)} test images`;
  if (told === null || difference === null) return [found, ...notes].join('\n');
  const error = standardError ? ` ± ${metricValue(metric, standardError)}` : '';
  const apart = agrees === false ? ', which is more than chance and different programs explain' : '';
  const compared = `${found}; reported was ${metricValue(metric, told)}: ${metricChange(metric, difference)}${error}${apart}`;
  return [compared, ...notes].join('\n');
}
