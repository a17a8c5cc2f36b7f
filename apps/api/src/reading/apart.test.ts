import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const sources = fileURLToPath(new URL('..', import.meta.url));
const READS =
  /\b(readNetwork|decodeOnnx|openDataset|contactSheet|sharp|unrankedAnalysis|checkPlan|readProfile|unzipImages|readPicture|bundleOf|bundleWith)\(/;

/** What opens files, and the modules that may import it: in the end the first file of a process alone. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'allocate/subject.ts': ['allocate/perform.ts'],
  'allocate/perform.ts': ['allocate/child.ts'],
  'reading/images.ts': ['reading/perform.ts'],
  'reading/input-preview.ts': ['reading/perform.ts'],
  'reading/pruned-network.ts': ['reading/perform.ts'],
  'reading/unzip.ts': ['reading/images.ts'],
  'reading/perform.ts': ['reading/child.ts'],
};

it('only processes of their own open what people uploaded', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).sort();
  const code = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const readers = code.filter((name) => READS.test(read(name)));
  expect(readers).toEqual([
    ...['allocate/subject.ts', 'reading/images.ts', 'reading/input-preview.ts', 'reading/perform.ts'],
    ...['reading/pruned-network.ts', 'reading/unzip.ts'],
  ]);
  for (const [reader, importers] of Object.entries(MAY_IMPORT)) {
    expect(code.filter((name) => importsOf(name).includes(reader))).toEqual(importers);
  }
});

/** Types alone start nothing. */
function importsOf(name: string): string[] {
  const imports = read(name).matchAll(/^import (?!type )[^;]*? from '(\.[^']*)';/gm);
  return [...imports].map(([, to = '']) => path.join(path.dirname(name), to));
}

function read(name: string): string {
  return readFileSync(path.join(sources, name), 'utf8');
}
