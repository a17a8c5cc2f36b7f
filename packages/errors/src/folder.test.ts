import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { InputError, makeHome } from './index.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'espalier-home-'));
const file = path.join(folder, 'file');
writeFileSync(file, '');
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder and those above it are made, and nothing is left in it', () => {
  const home = path.join(folder, 'deep/er');
  makeHome(home);
  makeHome(home);
  expect(readdirSync(home)).toEqual([]);
});

test.each([
  ['a file', file, /: it, or a part of it, is a file;/],
  ['a folder below a file', path.join(file, 'a/b'), /: it, or a part of it, is a file;/],
  ['below a device', '/dev/null/x', /: it, or a part of it, is a file;/],
  ['too long a name', path.join(folder, 'a'.repeat(300)), /: its name is too long;/],
  ...(existsSync('/proc/self')
    ? [['below /proc', '/proc/x/y', /: nothing can be made there;/] as const]
    : []),
] as const)('%s is refused in one line', (_, home, reason) => {
  expect(() => makeHome(home)).toThrow(InputError);
  expect(() => makeHome(home)).toThrow(reason);
  expect(() => makeHome(home)).toThrow(/^[^\n]+; set ESPALIER_HOME to a folder that you may write to$/);
});

test.skipIf(process.getuid?.() === 0)('a folder without permission is refused', () => {
  const closed = mkdtempSync(path.join(folder, 'closed-'));
  chmodSync(closed, 0o500);
  expect(() => makeHome(closed)).toThrow(/: no permission to write there;/);
  expect(() => makeHome(path.join(closed, 'home'))).toThrow(/: no permission to write there;/);
});
