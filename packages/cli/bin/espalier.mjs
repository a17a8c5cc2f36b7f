#!/usr/bin/env node
// Our sources are TypeScript, whatever Node runs them; see docs/adr/0002.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Espalier needs Node 20.19 or newer, this is ${process.versions.node}`);
  process.exit(1);
}
try {
  const { register } = await import('tsx/esm/api');
  register();
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('error: the dependencies are not installed; run `npm start` or `npm test` once');
  process.exit(1);
}
await import('../src/main.ts');
