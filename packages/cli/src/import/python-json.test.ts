import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { plainOf, pythonJson, quoted, readWritten } from './python-json.ts';

it('keeps numbers and texts as they were written, and sorts keys as Python does', () => {
  const line = '{"b": [1.0, 1e-05, -2, 3.5E+8], "a": {"z": null, "Y": "\\u00e9 \\"x\\" , }"}, "B": true}';
  expect(pythonJson(readWritten(line))).toBe(
    '{"B": true, "a": {"Y": "\\u00e9 \\"x\\" , }", "z": null}, "b": [1.0, 1e-05, -2, 3.5E+8]}',
  );
  expect(plainOf(readWritten(line))).toEqual(JSON.parse(line));
  expect(['[]', '{}', '[[], {}]', '"a"', '0.1'].map((text) => pythonJson(readWritten(text)))).toEqual([
    ...['[]', '{}', '[[], {}]', '"a"', '0.1'],
  ]);
  for (const text of ['{"a": 1', 'no', '{"a" 1}', ''])
    expect(() => readWritten(text), text).toThrow(SyntaxError);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

it.skipIf(!hasPython)('writes texts as Python writes them (there may be no python3)', () => {
  const texts = ['plain', 'Blüte', 'a"b\\c/d', '\u2028\u007f\u0001\n\t', '🌳'];
  const script = 'import json, sys\nprint(json.dumps(json.load(sys.stdin), sort_keys=True))';
  const { stdout } = spawnSync('python3', ['-c', script], { input: JSON.stringify(texts), encoding: 'utf8' });
  expect(`[${texts.map(quoted).join(', ')}]`).toBe(stdout.trim());
});
