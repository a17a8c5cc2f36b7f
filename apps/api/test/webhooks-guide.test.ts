import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { newSecret, signedHeaders } from '../src/webhooks/signature.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;

const SECRET = newSecret();
const BODY = '{"type":"ping","data":{"name":"Vögel 🐦"}}';

/** The checks of the guide, each as a program that is given secret, headers and body, and says what it found. */
const PROGRAMS = {
  python: {
    file: 'check.py',
    command: 'python3',
    tail: `
import json, sys
secret, headers, body = sys.argv[1:]
try:
    check(secret, json.loads(headers), body.encode())
    print("good")
except ValueError as error:
    print(error)
`,
  },
  js: {
    file: 'check.mjs',
    command: process.execPath,
    tail: `
const [secret, headers, body] = process.argv.slice(2);
try {
  check(secret, JSON.parse(headers), Buffer.from(body));
  console.log('good');
} catch (error) {
  console.log(error.message);
}
`,
  },
} as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-guide-'));
  const guide = await readFile(new URL('../../../docs/guide/webhooks.md', import.meta.url), 'utf8');
  for (const [language, { file, tail }] of Object.entries(PROGRAMS)) {
    const code = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(guide)?.[1];
    if (!code) throw new Error(`the guide has no ${language}`);
    await writeFile(path.join(folder, file), code + tail);
  }
  return () => rm(folder, { recursive: true });
});

it.each(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[])(
  'the check of the guide in %s takes what we sign, and nothing else',
  async (language) => {
    // Without Python there is nothing to look at; the other one is always there.
    if (language === 'python' && !hasPython) return;
    const { file, command } = PROGRAMS[language];
    const found = async (secret: string, headers: object, body: string) => {
      const args = [path.join(folder, file), secret, JSON.stringify(headers), body];
      return (await promisify(execFile)(command, args)).stdout.trim();
    };
    const now = new Date();
    const signed = signedHeaders({ id: 'delivery_1', body: BODY }, [SECRET], now);
    expect(await found(SECRET, signed, BODY)).toBe('good');
    const both = signedHeaders({ id: 'delivery_1', body: BODY }, [newSecret(), SECRET], now);
    expect(await found(SECRET, both, BODY)).toBe('good');
    expect(await found(newSecret(), signed, BODY)).toBe('the signature is wrong');
    expect(await found(SECRET, signed, `${BODY} `)).toBe('the signature is wrong');
    expect(await found(SECRET, { ...signed, 'webhook-id': 'delivery_2' }, BODY)).toBe(
      'the signature is wrong',
    );
    const old = signedHeaders({ id: 'delivery_1', body: BODY }, [SECRET], new Date(now.getTime() - 400_000));
    expect(await found(SECRET, old, BODY)).toBe('it is too old, or a clock is wrong');
  },
);
