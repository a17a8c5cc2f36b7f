import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { SHOWN_ONCE } from '../src/graphql/under-key.ts';
import { keepHouse } from '../src/housekeeping.ts';
import { type Member, type Platform, startPlatform } from './platform.ts';

const PROJECT = `mutation ($input: CreateProjectInput!) {
  createProject(input: $input) {
    ok errors { code path message } clientMutationId project { id name createdAt }
  }
}`;

async function made(who: Pick<Member, 'ask'>, input: object) {
  return (await who.ask(PROJECT, { input })).data.createProject;
}

const conflict = (message: RegExp) => ({
  ok: false,
  errors: [{ code: 'CONFLICT', path: ['clientMutationId'], message: expect.stringMatching(message) }],
  project: null,
});

const input = { name: 'one', clientMutationId: 'k1' };

it('what is sent twice under a key is done once, and answered the same', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const first = await made(editor, input);
  expect(first).toMatchObject({ ok: true, clientMutationId: 'k1', project: { name: 'one' } });
  expect(await made(editor, input)).toEqual(first);
  expect(await prisma.project.count()).toBe(1);
  expect(await prisma.auditEntry.count({ where: { action: 'project.create' } })).toBe(1);
  // Another input, also one that differs in a single field.
  expect(await made(editor, { ...input, name: 'two' })).toMatchObject(conflict(/another input/));
  expect(await made(editor, { ...input, description: 'two' })).toMatchObject(conflict(/another input/));
  // The same key is another mutation's own.
  const { data } = await editor.ask(
    'mutation { createUpload(input: { fileName: "x", clientMutationId: "k1" }) { ok clientMutationId } }',
  );
  expect(data.createUpload).toEqual({ ok: true, clientMutationId: 'k1' });
});

it('of those that come at the same moment one is carried out, and the others are told to look', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const answers = await Promise.all(Array.from({ length: 8 }, () => made(editor, input)));
  const done = answers.filter(({ ok }) => ok);
  expect(done.length).toBeGreaterThan(0);
  for (const answer of done) expect(answer).toEqual(done[0]);
  for (const answer of answers.filter(({ ok }) => !ok))
    expect(answer).toMatchObject(conflict(/still running/));
  expect(await prisma.project.count()).toBe(1);
  expect(await made(editor, input)).toEqual(done[0]);
});

it('a key is of whoever asks: others of the team, and other teams, have their own', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const other = await member('editor', editor.teamId);
  const [mine, foreign] = [await made(editor, input), await made(await member('editor'), input)];
  expect(foreign.project.id).not.toBe(mine.project.id);
  expect(await made(other, input)).toMatchObject({ errors: [{ code: 'TAKEN', path: ['name'] }] });
  expect(await prisma.project.count()).toBe(2);
  // Salted: of equal inputs one cannot tell that they are, nor guess a password that is in one.
  const kept = await prisma.mutationKey.findMany();
  expect(new Set(kept.map(({ inputHash }) => inputHash)).size).toBe(2);
});

it('what was refused keeps nothing: the key is free again', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  expect((await made(editor, { ...input, name: '' })).errors[0]).toMatchObject({ code: 'INVALID' });
  expect(await prisma.mutationKey.count()).toBe(0);
  expect(await made(editor, input)).toMatchObject({ ok: true });
  // Less than it takes is found before a key is looked at.
  const { errors } = await (await member('viewer', editor.teamId)).ask(PROJECT, { input });
  expect(errors[0].extensions.code).toBe('FORBIDDEN');
  expect(await prisma.mutationKey.count()).toBe(1);
});

it('a process that died in the middle leaves a claim, and nobody does it again unseen', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  await made(editor, input);
  await prisma.project.deleteMany();
  await prisma.mutationKey.updateMany({ data: { doneAt: null, result: null } });
  expect(await made(editor, input)).toMatchObject(conflict(/is unknown: check/));
  expect(await prisma.project.count()).toBe(0);
});

it('a fault of ours leaves the claim, too: what was done by then is not known', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  await prisma.$executeRaw`ALTER TABLE "Project" ADD CONSTRAINT "refused" CHECK ("name" <> 'one')`;
  expect((await editor.ask(PROJECT, { input })).errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
  expect(await made(editor, input)).toMatchObject(conflict(/is unknown: check/));
});

it('the team that a session looks at may change by it: it is done once all the same', async () => {
  const { member, signedIn, prisma } = await startPlatform();
  const { userId } = await member('admin');
  const browser = await signedIn(userId);
  const ask = async () => {
    const mutation = 'createTeam(input: { name: "Own", clientMutationId: "k" }) { ok team { id } }';
    return (await browser.ask(`mutation { ${mutation} }`)).data.createTeam;
  };
  const first = await ask();
  expect(await ask()).toEqual(first);
  expect(await prisma.team.count({ where: { name: 'Own' } })).toBe(1);
});

it('whatever shows a secret once is known to', async () => {
  const fields = (await createSchema()).getMutationType()?.getFields() ?? {};
  const once = Object.values(fields).filter(({ description }) => description?.includes('shown only once'));
  expect(once.map(({ name }) => name).sort()).toEqual([...SHOWN_ONCE].sort());
});

it.each([
  ['createApiKey', 'name: "k"', 'key'],
  ['inviteMember', 'email: "a@example.org"', 'link'],
  ['createWebhook', 'url: "https://example.org", events: [RUN_FAILED]', 'secret'],
])('%s: a secret that is shown once is kept nowhere', async (mutation, fields, secret) => {
  const platform = await startPlatform();
  const browser = await platform.signedIn((await platform.member('admin')).userId);
  const text = `mutation { done: ${mutation}(input: { ${fields}, clientMutationId: "k" }) { ok errors { code message } ${secret} } }`;
  const first = (await browser.ask(text)).data.done;
  expect(first.ok).toBe(true);
  expect(await prismaText(platform)).not.toContain(first[secret].split('/').at(-1));
  expect((await platform.prisma.mutationKey.findFirstOrThrow()).result).toBe(null);
  const again = (await browser.ask(text)).data.done;
  expect(again).toMatchObject({ ok: false, errors: [{ code: 'CONFLICT' }], [secret]: null });
  expect(again.errors[0].message).toMatch(/done already/);
});

it('a key is 1 to 200 characters, and goes after a day', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  for (const clientMutationId of ['', 'x'.repeat(201)]) {
    const { errors } = await made(editor, { ...input, clientMutationId });
    expect(errors).toMatchObject([{ code: 'INVALID', path: ['clientMutationId'] }]);
  }
  await made(editor, { name: 'old', clientMutationId: 'old' });
  await made(editor, { name: 'new', clientMutationId: 'x'.repeat(200) });
  const back = new Date(Date.now() - 25 * 3600e3);
  await prisma.mutationKey.updateMany({ where: { key: 'old' }, data: { createdAt: back } });
  const stop = keepHouse(prisma, 365, (error) => {
    throw error;
  });
  await expect.poll(() => prisma.mutationKey.count()).toBe(1);
  stop();
});

it('what was purged does not live on in an answer', async () => {
  const { member, prisma } = await startPlatform();
  const admin = await member('admin');
  const { project } = await made(admin, input);
  const gone = JSON.stringify([project.id]);
  await admin.ask(`mutation { moveToTrash(input: { ids: ${gone} }) { ok } }`);
  const { data } = await admin.ask(`mutation { purge(input: { ids: ${gone} }) { ok } }`);
  expect(data.purge.ok).toBe(true);
  expect((await prisma.mutationKey.findFirstOrThrow()).result).toBe(null);
  expect(await made(admin, input)).toMatchObject(conflict(/done already/));
  expect(await prisma.project.count()).toBe(0);
});

/** All that is kept of keys, as text. */
async function prismaText({ prisma }: Platform): Promise<string> {
  return JSON.stringify([await prisma.mutationKey.findMany(), await prisma.apiKey.findMany()]);
}
