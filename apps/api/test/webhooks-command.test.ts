import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { commandHere } from './command.ts';
import { receiver } from './hooks.ts';
import { startPlatform } from './platform.ts';

it('the command makes a webhook, tries it, shows its log, and takes it away', {
  timeout: 120_000,
}, async () => {
  const { address, member } = await startPlatform({ webhooks: { allowed: '127.0.0.1' } });
  const { key } = await member('admin');
  const home = await mkdtemp(path.join(tmpdir(), 'espalier-hooks-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const espalier = commandHere(home, { ESPALIER_ADDRESS: address, ESPALIER_KEY: key });
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await espalier('webhooks', ...args);
    expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  expect(await run('list')).toMatch(/^no webhooks; /);
  let status = 204;
  const to = await receiver((_, response) => void response.writeHead(status).end());
  const made = await run('create', to.url, '--event', 'run.finished', 'experiment.done');
  const [, id = ''] = /^(hook_\w+) {2}http:\S+\nsecret, shown only once: whsec_\S+\n$/.exec(made) ?? [];
  expect(await run('list')).toMatch(new RegExp(`${id} .*run\\.finished, experiment\\.done +on\n`));
  expect(await run('test', id)).toMatch(/^delivery_\w+ was accepted, with status 204\n$/);
  status = 500;
  const refused = await espalier('webhooks', 'test', id);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/not accepted: it answered with status 500/),
  });
  const log = JSON.parse(await run('deliveries', id, '--json'));
  status = 200;
  expect(log).toMatchObject([
    // Tried once more meanwhile, where the machine is busy.
    { event: 'PING', state: 'WAITING', statusCode: 500 },
    { event: 'PING', state: 'DELIVERED', attempts: 1, statusCode: 204 },
  ]);
  expect(await run('redeliver', log[0].id)).toBe(`${log[0].id} was accepted, with status 200\n`);
  expect(await run('deliveries', id)).toMatch(/delivered +1 +200 /);
  expect(await run('rotate', id)).toMatch(/whsec_/);
  expect(await run('off', id)).toMatch(/ off\n$/);
  expect(await run('on', id)).toMatch(/ on\n$/);
  expect(await run('delete', id)).toContain(`${id} is deleted`);
  expect(await run('list')).toMatch(/^no webhooks; /);
  const nothing = await espalier('webhooks', 'create', 'http://10.0.0.1/', '--event', 'run.started');
  expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('run.started') });
  const hostile = await espalier('webhooks', 'create', 'http://10.0.0.1/');
  expect(hostile).toMatchObject({ code: 1, stderr: expect.stringContaining('private address') });
});
