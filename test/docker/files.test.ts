import { readFileSync } from 'node:fs';
import { DCLinter } from 'dclint';
import { validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { at, DOCKERFILE, readImage } from './dockerfile.ts';

const TARGETS = ['api', 'worker', 'worker-gpu'] as const;

it('the Dockerfile has no fault that its linter finds', () => {
  expect(validate(readFileSync(DOCKERFILE, 'utf8'))).toEqual([]);
  // The linter finds faults: it would say so of these.
  expect(validate('FROM node\nCMD node\nCMD node\nEXPOSE 70000x\n')).not.toEqual([]);
});

it('the compose file fits its schema and its linter', () => {
  // Its warnings are about the order of keys.
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
  // Its own types do not reach through to here.
  const files: { messages: { type: string; message: string }[] }[] = linter.lintFiles(
    [at('docker/compose.yaml')],
    false,
  );
  expect(files).toHaveLength(1);
  const faults = files.flatMap(({ messages }) => messages).filter(({ type }) => type === 'error');
  expect(faults).toEqual([]);
});

it.each(TARGETS)('image %s runs without rights, and says how it is started and watched', (target) => {
  const { user, command, health, env } = readImage(target);
  expect(user).toBe('node');
  expect(command[0]).toBe('node');
  expect(health[0]).toBe('node');
  expect(env).toMatchObject({ NODE_ENV: 'production', ESPALIER_HOME: '/data' });
});

it('versions that are named twice are the same', () => {
  const dockerfile = readFileSync(DOCKERFILE, 'utf8');
  const [, pnpm] = /'pnpm@([\d.]+)'/.exec(readFileSync(at('scripts/setup.mjs'), 'utf8')) ?? [];
  expect(dockerfile).toContain(`pnpm@${pnpm}`);
  expect(dockerfile).toContain(`ARG NODE_VERSION=${readFileSync(at('.nvmrc'), 'utf8').trim()}\n`);
});

it('every variable of the compose file is in the example of its environment, and no secret is', () => {
  const compose = readFileSync(at('docker/compose.yaml'), 'utf8');
  const example = readFileSync(at('docker/.env.example'), 'utf8');
  const named = new Set([...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
  const used = new Set([...compose.matchAll(/\$\{([A-Z0-9_]+)/g)].map(([, name]) => name));
  expect([...used].sort()).toEqual([...named].sort());
  expect(example).toMatch(/^POSTGRES_PASSWORD=$/m);
  expect(example).toMatch(/^AWS_SECRET_ACCESS_KEY=$/m);
});
