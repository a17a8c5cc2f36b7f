import { expect, it } from 'vitest';
import { newSignInLink } from '../src/access/sign-in-link.ts';
import { Browser } from './browser.ts';
import { type Platform, startPlatform } from './platform.ts';

const PASSWORD = 'correct horse battery';

it('signs in by password, in a cookie that no script reads, and out', async () => {
  const platform = await startPlatform();
  const { email, userId, teamId } = await withPassword(platform);
  const browser = new Browser(platform.address);
  const response = await browser.post('/auth/sign-in/email', {
    email: email.toUpperCase(),
    password: PASSWORD,
  });
  expect(response.status).toBe(200);
  const [cookie] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^espalier\.session_token=.*; Path=\/; HttpOnly; SameSite=Lax$/);
  const session = await (await browser.fetch('/auth/get-session')).json();
  expect(session).toMatchObject({ user: { id: userId, email }, session: { activeTeamId: teamId } });
  const { data } = await browser.ask(
    '{ viewer { user { id email } team { id name } role teams { id role: viewerRole } viewerCanManage } }',
  );
  expect(data.viewer).toEqual({
    user: { id: userId, email },
    team: { id: teamId, name: 'Team' },
    role: 'ADMIN',
    teams: [{ id: teamId, role: 'ADMIN' }],
    viewerCanManage: true,
  });
  const stolen = new Map(browser.cookies);
  expect((await browser.post('/auth/sign-out')).status).toBe(200);
  // What is left says that somebody was signed in here, and lets nobody in.
  expect([...browser.cookies.keys()]).toEqual(['espalier.device']);
  expect(await (await browser.fetch('/auth/get-session')).json()).toBe(null);
  // The session is over, not only the cookie gone.
  for (const [name, value] of stolen) browser.cookies.set(name, value);
  expect(await code(browser)).toBe('UNAUTHENTICATED');
});

it('a wrong password and an unknown address are refused alike', async () => {
  const platform = await startPlatform();
  const { email } = await withPassword(platform);
  const browser = new Browser(platform.address);
  const wrong = await browser.post('/auth/sign-in/email', { email, password: 'correct horse' });
  const unknown = await browser.post('/auth/sign-in/email', { email: 'no@example.org', password: PASSWORD });
  expect(wrong.status).toBe(401);
  expect(unknown.status).toBe(401);
  expect(await wrong.json()).toEqual(await unknown.json());
  expect(browser.cookies.size).toBe(0);
});

it('a session that is over is nobody', async () => {
  const platform = await startPlatform();
  const { userId } = await platform.member('editor');
  const browser = await platform.signedIn(userId);
  expect(await code(browser)).toBe(null);
  await platform.prisma.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } });
  expect(await code(browser)).toBe('UNAUTHENTICATED');
  expect((await browser.fetch(`/files/${'0'.repeat(64)}`)).status).toBe(401);
});

it('a session that is used goes on', async () => {
  const { prisma, member, signedIn } = await startPlatform();
  const browser = await signedIn((await member('viewer')).userId);
  const soon = new Date(Date.now() + 3_600_000);
  await prisma.session.updateMany({ data: { expiresAt: soon } });
  await browser.ask('{ viewer { role } }');
  expect((await prisma.session.findFirstOrThrow()).expiresAt).toEqual(soon);
  const response = await browser.fetch('/auth/get-session');
  expect(response.headers.getSetCookie()[0]).toMatch(/^espalier\.session_token=.*Max-Age=1209600/);
  const { expiresAt } = await prisma.session.findFirstOrThrow();
  expect(expiresAt.getTime()).toBeGreaterThan(soon.getTime() + 12 * 86_400_000);
});

it('a sign-in link is good once, and not for long', async () => {
  const { prisma, member, address } = await startPlatform();
  const { userId } = await member('admin');
  const { path: link } = await newSignInLink(prisma);
  const browser = new Browser(address);
  const response = await browser.follow(link);
  expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
  const { data } = await browser.ask('{ viewer { user { id } viewerCanSetPassword } }');
  expect(data.viewer).toEqual({ user: { id: userId }, viewerCanSetPassword: true });

  const second = new Browser(address);
  const used = await second.follow(link);
  expect(used.status).toBe(410);
  expect(await used.json()).toMatchObject({ code: 'LINK_GONE' });
  const { path: late } = await newSignInLink(prisma);
  await prisma.verification.updateMany({ data: { expiresAt: new Date(Date.now() - 1000) } });
  expect((await second.follow(late)).status).toBe(410);
  expect((await second.follow('/sign-in?token=guessed')).status).toBe(410);
  expect(second.cookies.size).toBe(0);
  await expect(newSignInLink(prisma, 'nobody@example.org')).rejects.toThrow('no user has the address');
});

it('of two that follow a link at the same time one gets in', async () => {
  const { prisma, member, address } = await startPlatform();
  await member('admin');
  const { path: link } = await newSignInLink(prisma);
  const browsers = Array.from({ length: 8 }, () => new Browser(address));
  await Promise.all(browsers.map((browser) => browser.follow(link)));
  expect(browsers.filter(({ cookies }) => cookies.size > 0)).toHaveLength(1);
  expect(await prisma.session.count()).toBe(1);
});

it('who came by a link sets address and password, others give the one they have', async () => {
  const platform = await startPlatform();
  const { userId, teamId } = await platform.member('viewer');
  const browser = await platform.signedIn(userId);
  const other = await platform.signedIn(userId);
  const update = async (by: Browser, args: string) =>
    (
      await by.ask(
        `mutation { updateAccount(input: { ${args} }) { ok errors { message path } user { email } } }`,
      )
    ).data.updateAccount;
  expect((await update(browser, 'password: "short"')).errors[0].path).toEqual(['password']);
  expect((await update(browser, 'email: "nothing"')).errors[0].path).toEqual(['email']);
  const taken = await platform.member('viewer');
  const { email: theirs } = await platform.prisma.user.findUniqueOrThrow({ where: { id: taken.userId } });
  expect((await update(browser, `email: "${theirs}"`)).errors).toEqual([
    {
      message: 'this address cannot be used here',
      path: ['email'],
    },
  ]);
  const made = await update(browser, `email: "Ada@Example.org", password: "${PASSWORD}"`);
  expect(made).toEqual({ ok: true, errors: [], user: { email: 'ada@example.org' } });
  // Whoever else held a session holds none now.
  expect(await code(other)).toBe('UNAUTHENTICATED');
  expect(await code(browser)).toBe(null);

  const usual = new Browser(platform.address);
  await usual.post('/auth/sign-in/email', { email: 'ada@example.org', password: PASSWORD });
  expect((await update(usual, 'password: "another one"')).errors[0].path).toEqual(['currentPassword']);
  expect((await update(usual, 'email: "a@example.org", currentPassword: "guess 1234"')).ok).toBe(false);
  expect((await update(usual, `password: "another one", currentPassword: "${PASSWORD}"`)).ok).toBe(true);
  expect(
    (await usual.post('/auth/sign-in/email', { email: 'ada@example.org', password: PASSWORD })).status,
  ).toBe(401);
  const entries = await platform.prisma.auditEntry.findMany({ where: { teamId, action: 'user.update' } });
  expect(entries.map(({ actor, data }) => [actor, data])).toEqual([
    [userId, { changed: ['email', 'password'] }],
    [userId, { changed: ['password'] }],
  ]);
});

it('looks at one team at a time', async () => {
  const { prisma, member, signedIn } = await startPlatform();
  const { userId, teamId } = await member('editor');
  const browser = await signedIn(userId);
  const { data } = await browser.ask(
    'mutation { createTeam(input: { name: " Birds " }) { ok team { id name } } }',
  );
  const { team } = data.createTeam;
  expect(team.name).toBe('Birds');
  const seen = async () => (await browser.ask('{ viewer { team { id } role } }')).data.viewer;
  expect(await seen()).toEqual({ team: { id: team.id }, role: 'ADMIN' });
  await browser.ask('mutation { createProject(input: { name: "in Birds" }) { ok } }');
  expect(await prisma.project.count({ where: { teamId: team.id } })).toBe(1);
  expect(
    (await browser.ask(`mutation { switchTeam(input: { teamId: "${teamId}" }) { ok } }`)).data.switchTeam.ok,
  ).toBe(true);
  expect(await seen()).toEqual({ team: { id: teamId }, role: 'EDITOR' });
  expect((await browser.ask('{ projects { totalCount } }')).data.projects.totalCount).toBe(0);
  // Another session of the same person still looks elsewhere.
  await browser.ask(`mutation { switchTeam(input: { teamId: "${team.id}" }) { ok } }`);
  const other = await signedIn(userId);
  expect((await other.ask('{ viewer { team { id } } }')).data.viewer.team.id).toBe(teamId);
});

it('a person in no team is told so', async () => {
  const { prisma, member, signedIn } = await startPlatform();
  const { userId } = await member('viewer');
  await prisma.membership.deleteMany({ where: { userId } });
  const browser = await signedIn(userId);
  const { data } = await browser.ask('{ viewer { team { id } role teams { id } viewerCanEdit } }');
  expect(data.viewer).toEqual({ team: null, role: null, teams: [], viewerCanEdit: false });
  const { errors } = await browser.ask('{ projects { totalCount } }');
  expect(errors[0]).toMatchObject({
    message: expect.stringMatching(/in no team/),
    extensions: { code: 'FORBIDDEN' },
  });
});

it('a person ends sessions elsewhere', async () => {
  const { member, signedIn } = await startPlatform();
  const { userId } = await member('viewer');
  const [here, there] = [await signedIn(userId), await signedIn(userId)];
  expect(await (await here.fetch('/auth/list-sessions')).json()).toHaveLength(2);
  expect((await here.post('/auth/revoke-other-sessions')).status).toBe(200);
  expect([await code(here), await code(there)]).toEqual([null, 'UNAUTHENTICATED']);
});

it('only what is listed is answered of the library', async () => {
  const { address, member, signedIn } = await startPlatform();
  const browser = await signedIn((await member('viewer')).userId);
  const details = { name: 'Eve', email: 'eve@example.org', password: PASSWORD };
  for (const route of ['sign-up/email', 'update-user', 'delete-user', 'update-session', 'change-email']) {
    expect((await browser.post(`/auth/${route}`, details)).status, route).toBe(404);
  }
  expect((await fetch(`${address}/auth/sign-in/email/`, { method: 'POST' })).status).toBe(404);
});

/** An administrator who has a password. */
async function withPassword({ member, signedIn }: Platform) {
  const { userId, teamId } = await member('admin');
  const browser = await signedIn(userId);
  const email = `${userId}@example.org`;
  const { data } = await browser.ask(`mutation { updateAccount(input: { password: "${PASSWORD}" }) { ok } }`);
  expect(data.updateAccount.ok).toBe(true);
  return { userId, teamId, email };
}

/** The error's code when a browser asks who it is; null if it is somebody. */
async function code(browser: Browser): Promise<string | null> {
  const { errors } = await browser.ask('{ viewer { role } }');
  return errors?.[0]?.extensions.code ?? null;
}
