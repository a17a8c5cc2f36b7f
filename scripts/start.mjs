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
const child = spawn(process.execPath, [server, ...process.argv.slice(2)], { stdio: 'inherit' });
// The terminal sends Ctrl-C to the child as well; it ends everything in order.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
