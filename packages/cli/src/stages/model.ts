import { type Dataset, openDataset, type Progress } from '@espalier/datasets';
import {
  checkFits,
  ENGINE_CHOICES,
  type Engine,
  imageReader,
  labelMapping,
  openEngine,
} from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { readNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import type { ComputeOptions, ModelOptions } from '../options.ts';
import type { Context } from '../terminal.ts';
import { espalierHome } from './home.ts';

/** Reads a model file and passes its warnings on. */
export async function readModel(
  file: string,
  { preprocessing }: ModelOptions,
  { terminal }: Context,
): Promise<Network> {
  const { network, warnings } = await readNetwork(file, preprocessing === undefined ? {} : { preprocessing });
  for (const warning of warnings) terminal.warn(warning);
  return network;
}

/** A progress line for whatever is counted at the moment. */
export function progressTeller({ terminal }: Context): (progress: Progress) => void {
  const at: { what?: string; line?: ReturnType<typeof terminal.progress> } = {};
  return ({ done, total, what }) => {
    if (at.what !== what) {
      at.line?.stop();
      at.line = terminal.progress(what, 'images');
      at.what = what;
    }
    at.line?.update(done, total);
  };
}

/** Opens a data set; the first time that decodes it, with progress. */
export async function openData(
  spec: string,
  context: Context,
  onProgress = progressTeller(context),
): Promise<Dataset> {
  const dataset = await openDataset(spec, { home: espalierHome(), signal: context.signal, onProgress });
  context.terminal.endProgress();
  return dataset;
}

/**
 * The network with the preprocessing that its images need: its own, else the data set's usual one, with a
 * warning. Throws an InputError where images or classes do not fit.
 */
export function fitToData(network: Network, dataset: Dataset, { terminal }: Context): Network {
  checkFits(network, dataset);
  if (!network.metadata) {
    terminal.warn(
      `the model does not say how pixels become its input; taking the usual values for ${dataset.name} (--preprocessing FILE gives others)`,
    );
  }
  if (labelMapping(network.metadata, dataset).names === 'different') {
    terminal.warn(
      `the classes of the model and of ${dataset.name} have different names; taking them in order`,
    );
  }
  return { ...network, metadata: imageReader(network, dataset).metadata };
}

export async function openComputeEngine({ engine, threads }: ComputeOptions): Promise<Engine> {
  const name = ENGINE_CHOICES.find((choice) => choice === engine);
  if (!name)
    throw new InputError(`there is no engine "${engine}"; known are ${ENGINE_CHOICES.join(', ')}`, 'engine');
  return openEngine(name, { threads });
}
