import { expect, it } from 'vitest';
import { hashOf } from '../src/people/tokens.ts';
import { forgetOldLinks } from '../src/public/public-page.ts';
import type { Browser } from './browser.ts';
import { client, type Platform, startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const CREATE = `mutation ($input: CreatePublicLinkInput!) {
  createPublicLink(input: $input) { ok errors { code path message } link publicLink { id kind title expiresAt } }
}`;

async function made(browser: Browser, input: object) {
  return (await browser.ask(CREATE, { input })).data.createPublicLink;
}

/** A team with results, and somebody of it who may share them. */
async function team(platform: Platform) {
  const editor = await platform.member('editor');
  await fillTeam(platform.prisma, editor.teamId, { runs: 60 });
  const run = await platform.prisma.run.findFirstOrThrow({
    where: { teamId: editor.teamId, state: 'finished', result: { isNot: null } },
    include: { experiment: true },
  });
  return { editor, run, browser: await platform.signedIn(editor.userId) };
}

it('whoever has the link reads the report as it was, and nothing else, without signing in', async () => {
  const platform = await startPlatform();
  const { editor, run, browser } = await team(platform);
  const { prisma } = platform;
  const { ok, errors, link, publicLink } = await made(browser, { kind: 'EXPERIMENT', id: run.experimentId });
  expect({ ok, errors }).toEqual({ ok: true, errors: [] });
  expect(publicLink).toMatchObject({ kind: 'EXPERIMENT', title: run.experiment.name, expiresAt: null });
  // 256 bits.
  expect(link).toMatch(new RegExp(`^${platform.address}/public/[\\w-]{43}$`));
  const token = link.split('/').at(-1);
  const kept = await prisma.publicLink.findFirstOrThrow();
  expect(kept.hash).toBe(hashOf(token));
  expect(JSON.stringify(kept)).not.toContain(token);

  const answer = await fetch(link);
  const page = await answer.text();
  expect(answer.status).toBe(200);
  expect(page).toContain(run.id);
  const { headers } = answer;
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; .*frame-ancestors 'none'; sandbox$/,
  );
  expect(headers.get('content-disposition')).toBe(null);
  expect(headers.get('set-cookie')).toBe(null);
  // It is that of the button beside it, but for the moment.
  const report = await editor.fetch(`/files/report/experiments/${run.experimentId}.html`);
  const timeless = (text: string) => text.replaceAll(/<time.*?<\/time>|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
  expect(timeless(page)).toBe(timeless(await report.text()));
  // What comes later is not in it.
  await prisma.experiment.update({ where: { id: run.experimentId }, data: { name: 'renamed later' } });
  expect(await (await fetch(link)).text()).toBe(page);
  // The token opens nothing else.
  const holder = client(platform.address, token);
  expect((await holder.fetch(`/files/report/runs/${run.id}.html`)).status).toBe(401);
  expect((await holder.ask('{ runs { nodes { id } } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
  for (const method of ['POST', 'PUT', 'DELETE']) expect((await fetch(link, { method })).status).toBe(405);
});

it('a link that was revoked, is over, was guessed, or shows what is gone, is answered alike', async () => {
  const platform = await startPlatform();
  const { editor, run, browser } = await team(platform);
  const { prisma, address } = platform;
  const nothing = async (link: string) => {
    const answer = await fetch(link);
    const { date: _, 'x-request-id': __, ...headers } = Object.fromEntries(answer.headers);
    return { status: answer.status, headers, text: await answer.text() };
  };
  const guessed = await nothing(`${address}/public/${'A'.repeat(43)}`);
  expect(guessed).toMatchObject({ status: 404, text: expect.stringContaining('There is nothing here') });
  for (const path of ['', '/', '/x', '/a/b', `/${'x'.repeat(500)}`, `/${run.id}`]) {
    expect(await nothing(`${address}/public${path}`), path).toEqual(guessed);
  }
  const share = async (input: object = {}) =>
    (await made(browser, { kind: 'RUN', id: run.id, ...input })).link;

  const revoked = await made(browser, { kind: 'RUN', id: run.id });
  expect((await nothing(revoked.link)).status).toBe(200);
  const text = `mutation { revokePublicLink(input: { id: "${revoked.publicLink.id}" }) { ok errors { message } publicLink { title } } }`;
  expect((await browser.ask(text)).data.revokePublicLink).toMatchObject({
    ok: true,
    publicLink: { title: revoked.publicLink.title },
  });
  expect(await nothing(revoked.link)).toEqual(guessed);
  expect((await browser.ask(text)).data.revokePublicLink.errors[0].message).toBe(
    'there is no such public link',
  );

  const soon = await share({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
  expect((await nothing(soon)).status).toBe(200);
  await prisma.publicLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } });
  expect(await nothing(soon)).toEqual(guessed);

  const link = await share();
  await editor.ask(`mutation { moveToTrash(input: { ids: ["${run.id}"] }) { ok } }`);
  expect(await nothing(link)).toEqual(guessed);
  await editor.ask(`mutation { restore(input: { ids: ["${run.id}"] }) { ok } }`);
  expect((await nothing(link)).status).toBe(200);
  const whole = await made(browser, { kind: 'EXPERIMENT', id: run.experimentId });
  await prisma.project.update({ where: { id: run.experiment.projectId }, data: { deletedAt: new Date() } });
  expect(await nothing(link)).toEqual(guessed);
  expect(await nothing(whole.link)).toEqual(guessed);
  await prisma.project.update({ where: { id: run.experiment.projectId }, data: { deletedAt: null } });
  // What is purged is not kept in a page either.
  await editor.ask(`mutation { moveToTrash(input: { ids: ["${run.id}"] }) { ok } }`);
  const admin = await platform.member('admin', editor.teamId);
  const { data } = await admin.ask(`mutation { purge(input: { ids: ["${run.id}"] }) { ok } }`);
  expect(data.purge.ok).toBe(true);
  expect(await nothing(link)).toEqual(guessed);
  expect(await prisma.publicLink.count({ where: { runIds: { has: run.id } } })).toBe(0);
});

it('whoever guesses is slowed down, and whoever has a link is not', async () => {
  const platform = await startPlatform();
  const { run, browser } = await team(platform);
  const { link } = await made(browser, { kind: 'RUN', id: run.id });
  const statuses = new Set<number>();
  for (let i = 0; i < 70; i++) statuses.add((await fetch(`${platform.address}/public/guess-${i}`)).status);
  expect([...statuses].sort()).toEqual([404, 429]);
  expect((await fetch(link)).status).toBe(200);
});

it('a comparison is shared by its filter, and only what is one’s own can be shared', async () => {
  const platform = await startPlatform();
  const { editor, run, browser } = await team(platform);
  const stranger = await platform.member('editor');
  const theirs = await platform.signedIn(stranger.userId);
  const filter = { experiment: { in: [run.experimentId] } };
  const { link, publicLink } = await made(browser, { kind: 'COMPARISON', filter });
  expect(publicLink).toMatchObject({ kind: 'COMPARISON', title: 'Comparison of runs' });
  expect(await (await fetch(link)).text()).toContain(run.id);

  for (const [input, error] of [
    [
      { kind: 'RUN', id: run.id },
      { code: 'NOT_FOUND', path: ['id'] },
    ],
    [
      { kind: 'EXPERIMENT', id: run.experimentId },
      { code: 'NOT_FOUND', path: ['id'] },
    ],
    // Of another team there is nothing in a comparison.
    [
      { kind: 'COMPARISON', filter },
      { code: 'INVALID', path: ['filter'] },
    ],
    [{ kind: 'COMPARISON', id: run.id }, { path: ['id'] }],
    [{ kind: 'RUN' }, { path: ['id'] }],
    [{ kind: 'RUN', id: run.id, filter: {} }, { path: ['filter'] }],
    [{ kind: 'RUN', id: run.id, expiresAt: '2020-01-01T00:00:00Z' }, { path: ['expiresAt'] }],
  ] as const) {
    expect(await made(theirs, input), JSON.stringify(input)).toMatchObject({
      ok: false,
      errors: [error],
      link: null,
    });
  }
  const open = await platform.prisma.run.findFirst({ where: { teamId: editor.teamId, state: 'queued' } });
  if (open) {
    expect(await made(browser, { kind: 'RUN', id: open.id })).toMatchObject({
      errors: [{ message: 'none of its runs has finished: there is nothing to share yet' }],
    });
  }
  const list = '{ publicLinks { totalCount nodes { id title subject { id } createdBy { id } } } }';
  expect((await editor.ask(list)).data.publicLinks).toMatchObject({
    totalCount: 1,
    nodes: [{ id: publicLink.id, subject: null }],
  });
  expect((await stranger.ask(list)).data.publicLinks.totalCount).toBe(0);
  const revoke = `mutation { revokePublicLink(input: { id: "${publicLink.id}" }) { ok } }`;
  expect((await theirs.ask(revoke)).data.revokePublicLink.ok).toBe(false);
  // A key gives nothing away but one that may send results away in other ways, too.
  const admin = await platform.member('admin', editor.teamId);
  const administrator = await platform.signedIn(admin.userId);
  const keyed = async (scopes: string) => {
    const text = `mutation { createApiKey(input: { name: "k", scopes: [${scopes}] }) { key } }`;
    return client(platform.address, (await administrator.ask(text)).data.createApiKey.key);
  };
  const weak = await keyed('READ, RUN, PRODUCE');
  const input = { kind: 'RUN', id: run.id };
  expect((await weak.ask(CREATE, { input })).errors[0].extensions.code).toBe('FORBIDDEN');
  const strong = await keyed('READ, ADMINISTER');
  const shared = (await strong.ask(CREATE, { input })).data.createPublicLink;
  expect(await (await fetch(shared.link)).text()).toContain(run.id);
  const ended = `mutation { revokePublicLink(input: { id: "${shared.publicLink.id}" }) { ok } }`;
  expect((await weak.ask(ended)).errors[0].extensions.code).toBe('FORBIDDEN');
  expect((await strong.ask(ended)).data.revokePublicLink.ok).toBe(true);
  expect((await fetch(shared.link)).status).toBe(404);
  const log = await admin.ask('{ auditLog(filter: { text: "public-link" }) { nodes { words } } }');
  expect(log.data.auditLog.nodes).toHaveLength(3);
  expect(log.data.auditLog.nodes).toContainEqual({ words: 'made a public link “Comparison of runs”' });
});

it('links that have been over for long are forgotten', async () => {
  const { prisma, member } = await startPlatform();
  const { teamId } = await member('editor');
  const days = (count: number) => new Date(Date.now() - count * 24 * 3_600_000);
  const link = { teamId, kind: 'run', title: 't', page: new Uint8Array() } as const;
  await prisma.publicLink.createMany({
    data: [
      { ...link, runIds: [], id: 'link_a', hash: 'a', expiresAt: days(31) },
      { ...link, runIds: [], id: 'link_b', hash: 'b', expiresAt: days(29) },
      { ...link, runIds: [], id: 'link_c', hash: 'c' },
    ],
  });
  await forgetOldLinks(prisma);
  expect((await prisma.publicLink.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id)).toEqual([
    'link_b',
    'link_c',
  ]);
});
