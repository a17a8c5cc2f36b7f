import path from 'node:path';
import { Queue } from '@espalier/runs';
import { folderArtifacts, noted, openDatabase, waitForDatabase } from '@espalier/store';
import { startWorker } from '../src/index.ts';

// A worker in a separate process, to be killed. Arguments: address of the database, folder, queue timing, and what is
// another way with it than with most (its home, its engine).
const [url = '', folder = '', timing = '{}', settings = '{}'] = process.argv.slice(2);
const complain = (error: unknown) => console.error(error instanceof Error ? error.message : error);
await waitForDatabase(url, { onWait: complain, signal: new AbortController().signal });
const database = await openDatabase(url);
const queue = await Queue.open(url, complain, { timing: JSON.parse(timing) });
const worker = await startWorker({
  database,
  queue,
  artifacts: noted(folderArtifacts(path.join(folder, 'artifacts')), database.prisma),
  home: path.join(folder, `home-${process.pid}`),
  version: 'test',
  engine: 'onnxruntime',
  threads: 1,
  onError: complain,
  ...JSON.parse(settings),
});
console.log(worker.id);
process.on('SIGTERM', async () => {
  await worker.stop();
  await queue.close();
  await database.close();
  process.exit(0);
});
