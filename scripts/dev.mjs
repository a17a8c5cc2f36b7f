// `npm run dev [-- FLAGS OF npm start]`: the platform from its sources. The API starts again when a file of it
// changes, pages of the dashboard change under the eyes of whoever looks at them; Ctrl-C ends both.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { root, setUp } from './setup.mjs';

setUp();
const port = await freePort(Number(process.env.ESPALIER_PORT ?? 4000));
const apiPort = await freePort(port + 1);
// The dashboard is in front and hands on what is the API's: its pages stay while the API starts again.
const address = `http://127.0.0.1:${port}`;
const env = {
  ...process.env,
  // Also the processes that the worker starts.
  ESPALIER_FROM_SOURCE: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  ESPALIER_API_URL: `http://127.0.0.1:${apiPort}`,
  ESPALIER_DASHBOARD_URL: address,
  ESPALIER_URL: address,
  ESPALIER_PORT: String(apiPort),
};
const children = [
  start(
    ...['node_modules/.bin/tsx', 'watch', '--clear-screen=false', '--tsconfig', 'tsconfig.json'],
    ...['apps/api/src/main.ts', '--no-example', '--link', ...process.argv.slice(2)],
  ),
  start(
    'apps/dashboard/node_modules/.bin/next',
    'dev',
    'apps/dashboard',
    '-H',
    '127.0.0.1',
    '-p',
    String(port),
  ),
];
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
for (const child of children) child.on('exit', stop);
await Promise.all(children.map((child) => once(child, 'exit')));

function start(command, ...args) {
  return spawn(path.join(root, command), args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** One without the other is no platform. A second signal would end them at once. */
function stop() {
  if (isStopping) return;
  isStopping = true;
  for (const child of children) child.kill('SIGTERM');
}

async function freePort(from) {
  for (let wanted = from; ; wanted++) {
    const server = createServer().listen(wanted, '127.0.0.1');
    const isFree = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    server.close();
    if (isFree) return wanted;
  }
}
