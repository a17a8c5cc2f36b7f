import type { Dataset } from '@espalier/datasets';
import type { Engine } from '@espalier/engines';
import type { Network } from '@espalier/network';
import type { ComputeOptions } from '../options.ts';
import type { Context } from '../terminal.ts';
import { fitToData, openComputeEngine, openData } from './model.ts';

/** A network together with images to run it on and an engine that runs it. */
export interface Bench {
  /** With its preprocessing. */
  readonly network: Network;
  readonly dataset: Dataset;
  readonly engine: Engine;
}

/** Opens data set and engine for the time of `work`. Throws an InputError where network and images do not fit. */
export async function onBench<T>(
  network: Network,
  options: ComputeOptions & { readonly dataset: string },
  context: Context,
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const dataset = await openData(options.dataset, context);
  try {
    const fitted = fitToData(network, dataset, context);
    const engine = await openComputeEngine(options);
    try {
      return await work({ network: fitted, dataset, engine });
    } finally {
      await engine.dispose();
    }
  } finally {
    await dataset.close();
  }
}
