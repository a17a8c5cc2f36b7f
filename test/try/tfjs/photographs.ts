import type { Dataset } from '@espalier/datasets';
import { type Engine, imageReader } from '@espalier/engines';
import { fedWith, type Network } from '@espalier/network';
import { errorsBeside, type OutputError } from '../outputs.ts';

/** How far the outputs of networks are from those of the base, on the photographs that nothing was repaired by. */
export async function errorsOnPhotographs(
  base: Network,
  networks: readonly Network[],
  { engine, dataset }: { readonly engine: Engine; readonly dataset: Dataset },
): Promise<OutputError[][]> {
  const reader = imageReader(base, dataset);
  const compiled = [base, ...networks].map((each) => engine.compile(each, { optimiseFor: 'throughput' }));
  const executables = await Promise.all(compiled);
  try {
    return await errorsBeside(dataset.splits.test.n, async (i) => {
      const { input } = await reader.read('test', [i]);
      const found = [];
      for (const executable of executables) found.push(await executable.run(fedWith(base, input)));
      return found.map(
        (outputs) => new Map(base.outputs.map((name) => [name, outputs[name]?.data ?? new Float32Array()])),
      );
    });
  } finally {
    await Promise.all(executables.map((executable) => executable.dispose()));
  }
}
