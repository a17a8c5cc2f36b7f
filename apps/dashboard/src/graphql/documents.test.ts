import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('..', import.meta.url));

it('no client component exports a document: pages on the server would get a reference instead, and not be built', () => {
  const wrong = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => {
    if (!/\.tsx?$/.test(name)) return false;
    const text = readFileSync(path.join(SRC, name), 'utf8');
    return /^'use client'/.test(text) && /^export const \w+ = graphql\(/m.test(text);
  });
  expect(wrong).toEqual([]);
});
