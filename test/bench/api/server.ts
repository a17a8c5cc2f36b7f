import path from 'node:path';
import { Queue } from '@espalier/runs';
import { folderArtifacts, openDatabase } from '@espalier/store';
import { Allocating } from '../../../apps/api/src/allocate/allocating.ts';
import { type Dashboard, startDashboard } from '../../../apps/api/src/dashboard/dashboard.ts';
import { EventBus } from '../../../apps/api/src/events/event-bus.ts';
import { dashboardKey } from '../../../apps/api/src/gate/on-behalf.ts';
import { Room } from '../../../apps/api/src/quotas/room.ts';
import { Reading } from '../../../apps/api/src/reading/reading.ts';
import { startServer } from '../../../apps/api/src/server.ts';
import { AddressGuard } from '../../../apps/api/src/webhooks/address-guard.ts';
import { counter, type Statement } from '../../../apps/api/test/statements.ts';

// The API in a separate process, whose memory is its own. Arguments: a database's address, a folder, and
// `dashboard` if it is to be there.
const [url = '', folder = '', withDashboard = ''] = process.argv.slice(2);
const complain = (error: unknown) => console.error(error);
const database = await openDatabase(url, { onError: complain });
const services = {
  ...{ database, uploadLimit: 200e6, home: folder },
  ...{ quotas: { bytes: null, uploads: null, recomputed: null }, room: new Room(folder, 0) },
  queue: await Queue.open(url, complain),
  artifacts: folderArtifacts(path.join(folder, 'artifacts')),
  events: await EventBus.open(url, complain),
  reading: new Reading(),
  allocating: new Allocating(),
  webhookGuard: new AddressGuard(''),
};
let dashboard: Dashboard | null = null;
const secret = 'of a benchmark, of which nobody wants anything';
const { port } = await startServer(services, {
  dashboard: () => dashboard?.address() ?? null,
  ...{ host: '127.0.0.1', port: 0, onError: complain },
  access: { secret },
});
if (withDashboard) dashboard = startDashboard(`http://127.0.0.1:${port}`, dashboardKey(secret), complain);
const statements = counter(database.pool);
let finish = () => {};
let last: readonly Statement[] = [];
process.on('message', async (message) => {
  if (message === 'count') {
    const counted = statements(() => new Promise<void>((resolve) => (finish = resolve)));
    process.send?.({ counting: true });
    last = (await counted).statements;
    process.send?.({ count: last.length });
  } else if (message === 'counted') finish();
  // What was counted once more, bare: one statement after the other.
  else if (message === 'again') {
    const started = performance.now();
    for (const { text, values = [] } of last)
      await database.pool.query({ text, values: [...values], rowMode: 'array' });
    process.send?.({ ms: performance.now() - started });
  } else process.send?.({ rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ address: `http://127.0.0.1:${port}` });
