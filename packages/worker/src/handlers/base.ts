import type { Quality } from '@espalier/pipeline';
import { newId, type Transaction } from '@espalier/store';

/** The unpruned network's accuracy, where it was tested: once per network, data set as decoded, and engine. */
export async function keepBase(
  transaction: Transaction,
  experimentId: string,
  quality: Quality | null,
  by: { readonly engine: string; readonly decoding: number },
): Promise<void> {
  if (!quality) return;
  const { top1, top5, loss, n: images, hits } = quality;
  const { modelId, dataset } = await transaction.experiment.findUniqueOrThrow({
    where: { id: experimentId },
    include: { dataset: true },
  });
  const key = { modelId, datasetHash: dataset.hash, split: 'test', ...by };
  await transaction.baseEvaluation.upsert({
    where: { modelId_datasetHash_split_engine_decoding: key },
    create: {
      ...{ id: newId('eval'), ...key, top1, top5, loss, images },
      hits: Buffer.from(hits, 'base64'),
    },
    // Another run was faster; it is the same number.
    update: {},
  });
}
