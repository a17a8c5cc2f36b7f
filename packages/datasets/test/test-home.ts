import { fileURLToPath } from 'node:url';

/** A home that outlives test runs, so that real data sets are decoded once and not in every run. */
export const TEST_HOME = fileURLToPath(
  new URL('../../../node_modules/.cache/espalier-test', import.meta.url),
);
