import { InputError } from '@espalier/errors';
import { MODEL_EXTENSION } from '@espalier/formats';
import { readAsOf, stored } from '@espalier/runs';
import { ArtifactCache, type Run } from '@espalier/store';
import { FieldError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import type { NarrowModel } from '../graphql/loaders.ts';

/** What a network that was sent costs, counted in the process that reads files. */
export async function countedNetwork(
  { artifacts, home, reading }: Context,
  run: Run,
  model: NarrowModel,
  sha256: string,
) {
  const kept = stored('Run', 'structure', run.structure);
  const files = { sent: 'the network', base: model.name };
  try {
    return await reading.read(run.teamId, async () => {
      const cache = new ArtifactCache(artifacts, home);
      files.sent = await cache.file(sha256, MODEL_EXTENSION);
      files.base = await cache.file(model.sha256, MODEL_EXTENSION);
      return { kind: 'prunedNetwork', file: files.sent, base: files.base, readAs: readAsOf(model), kept };
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const said = error.message.replaceAll(files.sent, 'the network').replaceAll(files.base, model.name);
    throw new FieldError(said, 'uploadId');
  }
}
