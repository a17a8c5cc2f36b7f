import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What is handed to a change of runs, through Prisma or in SQL. */
function changes(text: string): string[] {
  const calls = [...text.matchAll(/\.run\s*\.(?:update|upsert|create)\w*\(/g)];
  const sql = [...text.matchAll(/(?:UPDATE|INSERT INTO) "Run"[^`]*/g)];
  return [
    ...calls.map(({ index, 0: { length } }) => inParentheses(text, index + length)),
    ...sql.map(String),
  ];
}

function inParentheses(text: string, from: number): string {
  let depth = 1;
  let to = from;
  for (; depth > 0 && to < text.length; to++) {
    if (text[to] === '(') depth++;
    if (text[to] === ')') depth--;
  }
  return text.slice(from, to);
}

/** Also where it cannot be seen. */
function writesState(change: string): boolean {
  return /\bstate\b/.test(change) || /\bdata(?!: \{)/.test(change);
}

/** Every file of the product's code. */
async function sources(): Promise<string[]> {
  const found = await Promise.all(
    ['packages', 'apps'].map(async (folder) => {
      const rooms = await readdir(path.join(ROOT, folder));
      const files = rooms.map((room) =>
        readdir(path.join(ROOT, folder, room, 'src'), { recursive: true })
          .then((names) => names.map((name) => path.join(folder, room, 'src', name)))
          .catch(() => []),
      );
      return (await Promise.all(files)).flat();
    }),
  );
  return found.flat().filter((name) => /(?<!\.test)\.tsx?$/.test(name) && !name.includes('generated'));
}

it('a state is written by a transition, and first by the making of a run; nowhere else', async () => {
  const files = await sources();
  expect(files.length).toBeGreaterThan(400);
  const writers: string[] = [];
  for (const file of files) {
    const text = await readFile(path.join(ROOT, file), 'utf8');
    if (changes(text).some(writesState)) writers.push(file);
  }
  expect(writers.sort()).toEqual([
    'packages/runs/src/life-cycle/recorded.ts',
    'packages/runs/src/life-cycle/transition.ts',
    'packages/runs/src/schedule/start.ts',
  ]);
  expect(changes('prisma.run.update({ where: { id }, data: { state } })').some(writesState)).toBe(true);
  expect(changes('prisma.run.update({ where: { id }, data: { notes: f(1) } })').some(writesState)).toBe(
    false,
  );
});
