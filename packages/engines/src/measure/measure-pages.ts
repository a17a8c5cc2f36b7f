import { firstLineOf } from '@espalier/errors';
import type { GraphArtifacts } from '@espalier/formats';
import type { Network } from '@espalier/network';
import type { Executable } from '../engine.ts';
import { openPageModel } from '../tensorflow/page-model.ts';
import { type MeasureOptions, measure, type Timed } from './measure.ts';
import { openBackend, type PageBackend } from './page-backends.ts';

/** A model of TensorFlow.js, and the network that it holds. */
export interface PageSubject {
  readonly model: GraphArtifacts;
  readonly network: Network;
  /** Images per run. */
  readonly batch: number;
  /** Inputs that have one number throughout. */
  readonly set?: Readonly<Record<string, number>> | undefined;
}

/** What was timed in one backend, or why nothing was. */
export type PageMeasurement =
  | { readonly backend: PageBackend; readonly description: string; readonly timed: readonly Timed[] }
  | { readonly backend: PageBackend; readonly missing: string };

/** Plain JavaScript takes seconds for what others do in milliseconds. */
const FEW = { fewest: 6, warmup: 1 } as const;

/**
 * Latency of models as a page runs them, side by side as in `measure`: from numbers to numbers, all that TensorFlow.js
 * does in between included.
 */
export async function measurePages(
  backend: PageBackend,
  subjects: readonly PageSubject[],
  options: MeasureOptions,
): Promise<PageMeasurement> {
  const opened = await openBackend(backend);
  if ('missing' in opened) return opened;
  const { tf, description } = opened;
  const few = backend === 'cpu' ? FEW : {};
  try {
    const timed = await measure(
      subjects.map(({ model, network, batch, set }) => ({
        ...{ network, batch },
        engine: {
          async compile(): Promise<Executable> {
            const page = await openPageModel(tf, model, network, set);
            return {
              run: (inputs) => page.run(inputs, network.outputs),
              dispose: async () => page.dispose(),
            };
          },
        },
      })),
      { ...few, ...options },
    );
    return { backend, description, timed };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { backend, missing: `it does not run the model (${firstLineOf(error)})` };
  }
}
