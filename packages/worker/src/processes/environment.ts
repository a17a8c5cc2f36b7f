/** What a program needs to start, to find its files, and to say of what it has trouble with. */
const NAMES = new Set([
  ...['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'LANGUAGE', 'TZ'],
  ...['NODE_ENV', 'ESPALIER_HOME', 'ESPALIER_DEBUG', 'ESPALIER_FROM_SOURCE'],
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'],
]);
/** Of languages, graphics cards and the libraries that engines compute with. */
const PREFIXES = ['LC_', 'CUDA_', 'NVIDIA_', 'TF_', 'XLA_', 'OMP_', 'KMP_', 'MKL_', 'OPENBLAS_'];

/**
 * What of an environment a computing process gets: it reads files of strangers, so it knows neither the database nor
 * a key of the store, and nothing that somebody adds to the worker's environment later.
 */
export function computingEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix)),
    ),
  );
}
