// `npm start`: set up, then the platform: database, API, a worker, and at the first start an example experiment.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildDashboard } from './dashboard.mjs';
import { compilePrograms } from './programs.mjs';
import { root, setUp } from './setup.mjs';

setUp();
buildDashboard();
await compilePrograms();
const server = path.join(root, 'apps/api/bin/serve.mjs');
// Room for all that a large answer is made of: collected on the way, it would be copied again and again.
const child = spawn(process.execPath, ['--max-semi-space-size=64', server, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// It ends everything in order, and takes the Ctrl-C that a terminal sends it as well for the same one.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
