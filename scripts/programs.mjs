// Compiles our programs, once for each state of their sources, so that they start in half the time; see
// packages/launch, which runs the sources themselves where nothing is compiled.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMPILED, root, stampOf, upToDate } from '../packages/launch/src/index.mjs';

/** The first file of each. */
const PROGRAMS = [
  'packages/cli/src/main.ts',
  'packages/formats/src/keras/thread.ts',
  'packages/pruning/src/sampling/processes/child.ts',
  'packages/worker/src/processes/child.ts',
  'apps/api/src/main.ts',
  'apps/api/src/allocate/child.ts',
  'apps/api/src/reading/child.ts',
];

/** The first files of processes that only tests start. */
export const TEST_PROGRAMS = ['packages/worker/test/worker-process.ts'];

/** Longer than anything runs that was started from an older compilation. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** @param others first files of programs that are none of the product's */
export async function compilePrograms(others = []) {
  const known = upToDate();
  if (known && others.every((program) => known.programs[program])) return;
  try {
    mkdirSync(COMPILED, { recursive: true });
    const folder = mkdtempSync(path.join(COMPILED, 'build-'));
    // `mkdtemp` keeps it to us; whoever may read the sources may run what was made of them.
    chmodSync(folder, statSync(COMPILED).mode);
    const started = Date.now();
    const { metafile } = await bundle(folder, [...PROGRAMS, ...others]);
    const manifest = manifestOf(metafile);
    // Nobody knows whether what was written meanwhile is in it: those programs run from source.
    if (manifest.inputs.some(([file]) => statSync(path.join(root, file)).mtimeMs >= started)) return;
    const draft = path.join(folder, 'manifest.json');
    writeFileSync(draft, JSON.stringify(manifest));
    renameSync(draft, path.join(COMPILED, 'manifest.json'));
    removeOld(folder);
  } catch (error) {
    // It only makes starts faster.
    console.error(`warning: the programs could not be compiled, they start slower: ${error.message}`);
  }
}

async function bundle(folder, programs) {
  const { build } = await import('esbuild');
  return build({
    entryPoints: programs.map((program) => path.join(root, program)),
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
}

/** Compilations that nothing can be running from any more. */
function removeOld(latest) {
  for (const name of readdirSync(COMPILED)) {
    const folder = path.join(COMPILED, name);
    const isOld = Date.now() - statSync(folder).mtimeMs > KEPT_MS;
    if (name.startsWith('build-') && folder !== latest && isOld)
      rmSync(folder, { recursive: true, force: true });
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

function manifestOf({ inputs, outputs }) {
  const files = [...Object.keys(inputs), 'tsconfig.json', 'pnpm-lock.yaml'];
  const programs = Object.entries(outputs).flatMap(([output, { entryPoint }]) =>
    entryPoint ? [[entryPoint, path.relative(COMPILED, path.join(root, output))]] : [],
  );
  return {
    root,
    inputs: files.map((file) => [file, stampOf(file)]),
    programs: Object.fromEntries(programs),
  };
}
