import { readFileSync } from 'node:fs';
import { DCLinter } from 'dclint';
import { validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
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

it('every container has limits, a root that it cannot write, and no rights that it does not need', () => {
  const text = readFileSync(at('docker/compose.yaml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Record<string, Record<string, unknown>> };
  expect(Object.keys(services).sort()).toEqual(['api', 'objects', 'postgres', 'worker', 'worker-gpu']);
  for (const [name, service] of Object.entries(services)) {
    expect(service, name).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      pids_limit: expect.any(Number),
      mem_limit: expect.stringMatching(/^\$\{[A-Z_]+:-\d+g\}$/),
      cpus: expect.stringMatching(/^\$\{[A-Z_]+:-\d+\}$/),
    });
    expect(service.privileged ?? false, name).toBe(false);
    // Memory, too: it has a size.
    for (const mount of service.tmpfs as string[]) expect(mount, name).toMatch(/size=|^\/run\//);
    // Ours begin without rights; others prepare their folder first.
    const isOurs = service.image === undefined;
    expect(service.cap_add ?? [], name).toEqual(
      isOurs ? [] : ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'],
    );
    const { volumes } = service as { volumes: string[] };
    expect(volumes.filter((volume) => volume.includes('docker.sock'))).toEqual([]);
    // Reached from this machine only, where at all.
    for (const port of (service.ports ?? []) as string[]) expect(port).toMatch(/^127\.0\.0\.1:/);
  }
});
