import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { commandHere } from './command.ts';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

it('the command makes public links, lists them, and revokes them', { timeout: 300_000 }, async () => {
  const { address, member, prisma } = await startPlatform();
  const { key, teamId } = await member('admin');
  await fillTeam(prisma, teamId, { runs: 40 });
  const [one, two] = await prisma.run.findMany({
    where: { teamId, state: 'finished', result: { isNot: null } },
    take: 2,
  });
  if (!one || !two) throw new Error('there are fewer finished runs');
  const home = await mkdtemp(path.join(tmpdir(), 'espalier-links-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const espalier = commandHere(home, { ESPALIER_ADDRESS: address, ESPALIER_KEY: key });
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await espalier('links', ...args);
    expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const made = async (...args: string[]) => {
    const said = await run('create', ...args);
    const [, id = '', link = ''] =
      /^(link_\w+) {2}.*\naddress, shown only once: (http:\S+)\n$/.exec(said) ?? [];
    return { id, link, page: await (await fetch(link)).text() };
  };
  expect(await run('list')).toMatch(/^no public links; /);
  const ofRun = await made(one.id);
  expect(ofRun.page).toContain(one.id);
  const ofExperiment = await made(one.experimentId, '--until', '2099-01-31');
  expect(ofExperiment.page).toContain(one.id);
  const compared = await made(one.id, two.id);
  expect(compared.page).toContain(two.id);

  const list = await run('list');
  expect(list).toMatch(new RegExp(`${ofRun.id} +${one.id} .*when it is revoked`));
  expect(list).toMatch(new RegExp(`${ofExperiment.id} +${one.experimentId} .*2099-01-31`));
  expect(list).toMatch(new RegExp(`${compared.id} +comparison `));
  expect(await run('revoke', ofRun.id)).toContain(`${ofRun.id} is revoked`);
  expect((await fetch(ofRun.link)).status).toBe(404);
  expect((await fetch(compared.link)).status).toBe(200);

  expect(await espalier('links', 'revoke', ofRun.id)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no such public link'),
  });
  expect(await espalier('links', 'create', one.id, '--until', 'soon')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('2027-01-31'),
  });
  expect(await espalier('links', 'create', one.id, '--until', '2020-01-31')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('that time has passed'),
  });
});
