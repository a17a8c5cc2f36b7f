import path from 'node:path';
import { Queue } from '@espalier/runs';
import { folderArtifacts, openDatabase, waitForDatabase } from '@espalier/store';
import { startWorker } from '../src/index.ts';

// A worker in a process of its own, to be killed. Arguments: address of the database, folder, queue timing.
const [url = '', folder = '', timing = '{}'] = process.argv.slice(2);
const complain = (error: unknown) => console.error(error instanceof Error ? error.message : error);
await waitForDatabase(url, { onWait: complain, signal: new AbortController().signal });
const database = await openDatabase(url);
const queue = await Queue.open(url, complain, { timing: JSON.parse(timing) });
const worker = await startWorker({
  database,
  queue,
  artifacts: folderArtifacts(path.join(folder, 'artifacts')),
  home: path.join(folder, `home-${process.pid}`),
  version: 'test',
  engine: 'onnxruntime',
  threads: 1,
  onError: complain,
});
console.log(worker.id);
process.on('SIGTERM', async () => {
  await worker.stop();
  await queue.close();
  await database.close();
  process.exit(0);
});
