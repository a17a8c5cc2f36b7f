// `npm start`: set up, then the demo: ResNet-20 on CIFAR-10 from sampling to pruned networks.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root, setUp } from './setup.mjs';

setUp();
const command = path.join(root, 'packages/cli/bin/espalier.mjs');
const child = spawn(process.execPath, [command, 'demo', ...process.argv.slice(2)], { stdio: 'inherit' });
// The terminal sends Ctrl-C to the child as well; it says what is kept and ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
