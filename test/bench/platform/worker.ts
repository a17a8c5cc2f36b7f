import path from 'node:path';
import { json } from 'node:stream/consumers';
import { sweepShardSchema } from '@espalier/pruning';
import { Queue } from '@espalier/runs';
import { folderArtifacts, openDatabase } from '@espalier/store';
import { type Compute, startWorker } from '@espalier/worker';

// A worker of a benchmark. Arguments: address of the database, folder, and the artifact of a share whose numbers
// stand for those of any other; without one it really computes, with one thread.
const [url = '', folder = '', template] = process.argv.slice(2);
const complain = (error: unknown) => console.error(error instanceof Error ? error.message : error);
const artifacts = folderArtifacts(path.join(folder, 'artifacts'));
const database = await openDatabase(url, { connections: 3 });
const queue = await Queue.open(url, complain);
const worker = await startWorker({
  ...{ database, queue, artifacts, home: path.join(folder, 'home'), version: 'bench' },
  ...{ engine: 'onnxruntime', threads: 1, onError: complain },
  ...(template ? { compute: await fakeCompute(template) } : {}),
});
process.on('SIGTERM', async () => {
  await worker.stop();
  await queue.close();
  await database.close();
  process.exit(0);
});

/** The numbers of one share of one image, as those of whatever share is asked for. */
async function fakeCompute(sha256: string): Promise<Compute> {
  const bytes = await artifacts.get(sha256);
  if (!bytes) throw new Error('the template is missing');
  const template = sweepShardSchema.parse(await json(bytes));
  return async (task) => {
    if (task.kind !== 'shard') throw new Error('only shares are faked');
    const { plan, share } = task;
    const samples = plan.sampling.samples ?? template.header.samples;
    const blocks = template.blocks.map((block) => ({ ...block, from: share.index - 1 }));
    const header = { ...template.header, samples };
    return { kind: 'shard', shard: { ...template, header, shard: share, blocks } };
  };
}
