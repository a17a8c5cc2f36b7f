import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const sources = fileURLToPath(new URL('..', import.meta.url));
const READS =
  /\b(readNetwork|decodeOnnx|openDataset|contactSheet|sharp|unrankedAnalysis|checkPlan|readProfile)\(/;

it('only the process that reads opens what people uploaded', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).sort();
  const code = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(code.filter((name) => READS.test(read(name)))).toEqual(['reading/perform.ts']);
  const importers = code.filter((name) => /from '.*\/perform\.ts'/.test(read(name)));
  expect(importers).toEqual(['reading/child.ts']);
});

function read(name: string): string {
  return readFileSync(path.join(sources, name), 'utf8');
}
