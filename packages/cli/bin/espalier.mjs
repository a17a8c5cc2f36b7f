#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Espalier needs Node 20.19 or newer, this is ${process.versions.node}`);
  process.exit(1);
}
let launch;
try {
  ({ launch } = await import('@espalier/launch'));
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('error: the dependencies are not installed; run `npm start` or `npm test` once');
  process.exit(1);
}
await launch(new URL('../src/main.ts', import.meta.url));
