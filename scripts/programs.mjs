// Compiles our programs, once for each state of their sources, so that they start in half the time; see
// packages/launch, which runs the sources themselves where nothing is compiled.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMPILED, root, stampOf, upToDate } from '../packages/launch/src/index.mjs';
import { withLock } from './setup.mjs';

/** The first file of each. */
const PROGRAMS = [
  'packages/cli/src/main.ts',
  'packages/pruning/src/sampling/processes/child.ts',
  'packages/worker/src/processes/child.ts',
  'apps/api/src/main.ts',
];

export async function compilePrograms() {
  if (upToDate()) return;
  const { build } = await import('esbuild');
  mkdirSync(path.dirname(COMPILED), { recursive: true });
  const folder = mkdtempSync(`${COMPILED}-`);
  try {
    const { metafile } = await build({
      entryPoints: PROGRAMS.map((program) => path.join(root, program)),
      outdir: folder,
      outbase: root,
      outExtension: { '.js': '.mjs' },
      absWorkingDir: root,
      tsconfig: path.join(root, 'tsconfig.json'),
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      // As Node resolves: no field that only bundlers know.
      mainFields: ['main'],
      conditions: [],
      sourcemap: 'linked',
      metafile: true,
      keepNames: true,
      logLevel: 'silent',
      plugins: [asInPlace],
    });
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifestOf(metafile, folder)));
    withLock('compilation', () => {
      rmSync(COMPILED, { recursive: true, force: true });
      renameSync(folder, COMPILED);
    });
  } catch (error) {
    // It only makes starts faster.
    console.error(`warning: the programs could not be compiled, they start slower: ${error.message}`);
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Our own files go into the compiled ones, and think that they are where they were; packages stay outside. */
const asInPlace = {
  name: 'as-in-place',
  setup(build) {
    const SEEN = Symbol('seen');
    build.onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, pluginData, ...from }) => {
      if (kind === 'entry-point' || pluginData === SEEN || name.startsWith('node:')) return undefined;
      const { importer, resolveDir } = from;
      const found = await build.resolve(name, { importer, resolveDir, kind, pluginData: SEEN });
      // Not installed everywhere: whoever asks for it knows what to do without.
      if (found.errors.length > 0) return { path: name, external: true };
      if (found.external) return found;
      const isOurs = !found.path.includes(`${path.sep}node_modules${path.sep}`);
      return isOurs ? { path: found.path } : { path: pathToFileURL(found.path).href, external: true };
    });
    build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(file).href),
      ),
      loader: 'ts',
    }));
  },
};

function manifestOf({ inputs, outputs }, folder) {
  const files = [...Object.keys(inputs), 'tsconfig.json', 'pnpm-lock.yaml'];
  const programs = Object.entries(outputs).flatMap(([output, { entryPoint }]) =>
    entryPoint ? [[entryPoint, path.relative(folder, path.join(root, output))]] : [],
  );
  return {
    root,
    inputs: files.map((file) => [file, stampOf(file)]),
    programs: Object.fromEntries(programs),
  };
}
