// How each of our programs starts. The sources are TypeScript; Node runs a compiled copy of them if there is one
// that is up to date, which takes half the time, and else the sources themselves by tsx. See docs/adr/0016.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Where the compiled copies lie, each compilation in a separate folder: what runs goes on with the files that it
 * was started from. `manifest.json` names the latest.
 */
export const COMPILED = path.join(root, 'node_modules/.cache/espalier/programs');

/**
 * Runs the program whose first file is `source`.
 *
 * @param source a URL: `new URL('./main.ts', import.meta.url)`
 */
export async function launch(source) {
  // Libraries check themselves less then; GraphQL answers are made in half the time. Images say the same.
  process.env.NODE_ENV ??= 'production';
  const compiled = upToDate()?.programs[path.relative(root, fileURLToPath(source))];
  if (compiled) {
    if (process.env.ESPALIER_DEBUG) process.setSourceMapsEnabled(true);
    return import(pathToFileURL(path.join(COMPILED, compiled)).href);
  }
  // Whatever folder it is started in: without these settings decorators mean something else.
  process.env.TSX_TSCONFIG_PATH ??= path.join(root, 'tsconfig.json');
  const { register } = await import('tsx/esm/api');
  register();
  return import(source.href);
}

/** What was compiled from which files, if all of them are as they were; else null. */
export function upToDate() {
  if (process.env.ESPALIER_FROM_SOURCE) return null;
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(path.join(COMPILED, 'manifest.json'), 'utf8'));
  } catch {
    return null;
  }
  // Compiled files know where their sources lie: a copied folder has none.
  if (manifest.root !== root) return null;
  return manifest.inputs.every(([file, stamp]) => stampOf(file) === stamp) ? manifest : null;
}

/** Changes whenever a file does: its size and the time of its last change. */
export function stampOf(file) {
  const facts = statSync(path.join(root, file), { throwIfNoEntry: false });
  return facts ? `${facts.size} ${facts.mtimeMs}` : 'gone';
}
