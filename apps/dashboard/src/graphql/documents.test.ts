import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('..', import.meta.url));

/** Routes of files and of signing in answer them, not GraphQL. */
const OF_ROUTES = [
  ...['uploads/put.ts', 'upload.ts', 'app/invitation/page.tsx'],
  ...['sign-in/use-entry.ts', 'sign-in/open-sign-up.ts'],
];

it('no answer of the API is given another type than its document says', () => {
  const cast =
    /(\.json\([^;]*|JSON\.parse\([^;]*|\bdata\b|\banswers?\b|\bcolumns)\s+as\s+(?!const\b)[A-Za-z{]/;
  const others = ['cli/src/remote', 'cli/src/import', 'client/src'];
  const folders = [
    SRC,
    ...others.map((folder) => fileURLToPath(new URL(`../../../../packages/${folder}`, import.meta.url))),
  ];
  const wrong = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) =>
        /(?<!\.test|\.d)\.tsx?$/.test(name) &&
        !OF_ROUTES.includes(name) &&
        readFileSync(path.join(folder, name), 'utf8')
          .split('\n')
          .some((line) => cast.test(line) && !/^\s*(\/\/|\/?\*|import|export \{)/.test(line)),
    ),
  );
  expect(wrong).toEqual([]);
});

it('no client component exports a document: pages on the server would get a reference instead, and not be built', () => {
  const wrong = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => {
    if (!/\.tsx?$/.test(name)) return false;
    const text = readFileSync(path.join(SRC, name), 'utf8');
    return /^'use client'/.test(text) && /^export const \w+ = graphql\(/m.test(text);
  });
  expect(wrong).toEqual([]);
});
