import { expect, it } from 'vitest';
import { Browser } from './browser.ts';
import { type Platform, startPlatform } from './platform.ts';

const GRACE = { name: 'Grace', email: 'Grace@Example.org', password: 'a long one, at last' };
const GONE = /^there is no such invitation/;

it('somebody new comes in by an invitation, once', async () => {
  const platform = await startPlatform();
  const { address, prisma } = platform;
  const admin = await administrator(platform);
  const link = await invite(admin, 'role: EDITOR, email: "grace@example.org"');
  expect(link.href.startsWith(`${address}/invitation?token=`)).toBe(true);
  const { token } = link;
  const stored = await prisma.invitation.findFirstOrThrow();
  expect(JSON.stringify(stored)).not.toContain(token);
  const browser = new Browser(address);
  const told = await browser.fetch(`/auth/invitation?token=${token}`);
  expect(await told.json()).toEqual({ team: 'Team', role: 'editor', email: 'grace@example.org' });

  const bad = async (change: object) => (await browser.post('/auth/sign-up', { ...GRACE, ...change })).json();
  expect(await bad({ invitation: token, password: 'short' })).toMatchObject({ fields: ['password'] });
  expect(await bad({ invitation: token, name: ' ' })).toMatchObject({ fields: ['name'] });
  expect(await bad({ invitation: token, email: 'other@example.org' })).toMatchObject({
    code: 'BAD_USER_INPUT',
    message: 'the invitation is for another e-mail address',
    fields: ['email'],
  });
  expect(await bad({ invitation: 'guessed' })).toMatchObject({ message: expect.stringMatching(GONE) });
  expect(await bad({})).toMatchObject({ message: 'signing up needs an invitation' });
  // Nothing of all that is left.
  expect(await prisma.user.count()).toBe(1);
  expect(await prisma.account.count()).toBe(0);

  const response = await browser.post('/auth/sign-up', { ...GRACE, invitation: token });
  expect(response.status).toBe(200);
  const { user } = (await response.json()) as { user: { id: string } };
  expect(user).toEqual({ id: expect.stringMatching(/^user_/), name: 'Grace', email: 'grace@example.org' });
  const { data } = await browser.ask('{ viewer { user { id } team { id } role } }');
  expect(data.viewer).toEqual({ user: { id: user.id }, team: { id: admin.teamId }, role: 'EDITOR' });
  const signIn = await new Browser(address).post('/auth/sign-in/email', GRACE);
  expect(signIn.status).toBe(200);

  const second = await new Browser(address).post('/auth/sign-up', {
    ...{ ...GRACE, email: 'second@example.org' },
    invitation: token,
  });
  expect(second.status).toBe(422);
  expect(((await second.json()) as { message: string }).message).toMatch(GONE);
  expect((await browser.fetch(`/auth/invitation?token=${token}`)).status).toBe(404);
  const entries = await prisma.auditEntry.findMany({
    where: { action: { startsWith: 'invitation.' } },
    orderBy: { id: 'asc' },
  });
  expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
    ['invitation.create', stored.id],
    ['invitation.accept', stored.id],
  ]);
  expect(entries[1]?.actor).toBe(user.id);
});

it('somebody who is signed in joins, and is not asked twice', async () => {
  const platform = await startPlatform();
  const { prisma, member, signedIn } = platform;
  const [admin, guest] = [await administrator(platform), await member('admin')];
  const browser = await signedIn(guest.userId);
  const accept = async (token: string) =>
    (
      await browser.ask(
        `mutation { acceptInvitation(input: { token: "${token}" }) { ok errors { message path } team { id } } }`,
      )
    ).data.acceptInvitation;
  const forOther = await invite(admin, 'email: "other@example.org"');
  expect((await accept(forOther.token)).errors[0].message).toBe(
    'the invitation is for another e-mail address',
  );
  const { token } = await invite(admin, 'role: VIEWER');
  expect(await accept(token)).toEqual({ ok: true, errors: [], team: { id: admin.teamId } });
  const { data } = await browser.ask('{ viewer { team { id } role teams { id role: viewerRole } } }');
  expect(data.viewer).toEqual({
    team: { id: admin.teamId },
    role: 'VIEWER',
    teams: [
      { id: admin.teamId, role: 'VIEWER' },
      { id: guest.teamId, role: 'ADMIN' },
    ],
  });
  expect((await accept(token)).errors[0].message).toMatch(GONE);
  // A member's click spends nothing.
  const open = await invite(admin, 'role: ADMIN');
  expect((await accept(open.token)).errors[0].message).toBe('you are a member of this team already');
  expect(await prisma.invitation.count({ where: { id: open.id, acceptedAt: null } })).toBe(1);
  const known = await prisma.user.findUniqueOrThrow({ where: { id: guest.userId } });
  const again = await admin.ask(
    `mutation { inviteMember(input: { email: "${known.email}" }) { errors { message path } } }`,
  );
  expect(again.data.inviteMember.errors).toEqual([{ message: 'that is a member already', path: ['email'] }]);
});

it('an invitation for an address binds whoever had it by then, not whoever takes it', async () => {
  const platform = await startPlatform();
  const { address, prisma, member, signedIn } = platform;
  const [admin, thief, owner] = [await administrator(platform), await member('admin'), await member('admin')];
  await prisma.user.update({ where: { id: owner.userId }, data: { email: 'grace@example.org' } });
  const join = (token: string) =>
    `mutation { acceptInvitation(input: { token: "${token}" }) { ok errors { message } } }`;
  const [linus, grace] = [
    await invite(admin, 'role: ADMIN, email: "linus@example.org"'),
    await invite(admin, 'role: EDITOR, email: "grace@example.org"'),
  ];
  const browser = await signedIn(thief.userId);
  const rename = (to: string) =>
    browser.ask(`mutation { updateAccount(input: { email: "${to}" }) { ok errors { message } } }`);
  expect((await rename('linus@example.org')).data.updateAccount.ok).toBe(true);
  const refused = (await browser.ask(join(linus.token))).data.acceptInvitation;
  expect(refused.errors[0].message).toMatch(/^the invitation is older than your use of this e-mail address/);
  // Nor back and forth, nor by saying the same address again.
  await rename('other@example.org');
  await rename('linus@example.org');
  await rename('linus@example.org');
  expect((await browser.ask(join(linus.token))).data.acceptInvitation.ok).toBe(false);
  // An address that somebody has is no other answer than one that nobody was invited with.
  const taken = new Browser(address);
  const signUp = async (email: string) =>
    (await taken.post('/auth/sign-up', { ...GRACE, email, invitation: grace.token })).json();
  const other = { message: 'the invitation is for another e-mail address', fields: ['email'] };
  expect(await signUp('linus@example.org')).toMatchObject(other);
  expect(await signUp('nobody@example.org')).toMatchObject(other);
  const known = await signedIn(owner.userId);
  expect((await known.ask(join(grace.token))).data.acceptInvitation).toEqual({ ok: true, errors: [] });
  expect(await prisma.membership.count({ where: { teamId: admin.teamId } })).toBe(2);
  // Made after the change, it is for whoever has the address.
  const later = await invite(admin, 'role: VIEWER, email: "linus@example.org"');
  expect((await browser.ask(join(later.token))).data.acceptInvitation.ok).toBe(true);
  for (let i = 0; i < 10; i++) await rename(`address${i}@example.org`);
  expect((await rename('grace@example.org')).errors[0].extensions.code).toBe('TOO_MANY_REQUESTS');
});

it('an invitation that is over or revoked opens nothing, and is not listed', async () => {
  const platform = await startPlatform();
  const { address, prisma, member, signedIn } = platform;
  const [admin, guest] = [await administrator(platform), await member('viewer')];
  const [old, revoked, open] = [await invite(admin), await invite(admin), await invite(admin)];
  await prisma.invitation.update({ where: { id: old.id }, data: { expiresAt: new Date(Date.now() - 1000) } });
  const revoke = async (id: string) =>
    (await admin.ask(`mutation { revokeInvitation(input: { id: "${id}" }) { ok errors { message } } }`)).data
      .revokeInvitation;
  expect(await revoke(revoked.id)).toEqual({ ok: true, errors: [] });
  expect((await revoke(revoked.id)).errors[0].message).toBe('there is no such invitation');
  expect((await revoke(old.id)).errors[0].message).toBe('there is no such invitation');
  const { data } = await admin.ask('{ invitations { nodes { id invitedBy { id } } totalCount } }');
  expect(data.invitations).toEqual({
    nodes: [{ id: open.id, invitedBy: { id: admin.userId } }],
    totalCount: 1,
  });
  const browser = await signedIn(guest.userId);
  for (const { token } of [old, revoked]) {
    const answer = await browser.ask(
      `mutation { acceptInvitation(input: { token: "${token}" }) { errors { message } } }`,
    );
    expect(answer.data.acceptInvitation.errors[0].message).toMatch(GONE);
    const signUp = await new Browser(address).post('/auth/sign-up', { ...GRACE, invitation: token });
    expect(signUp.status).toBe(422);
  }
  expect(await prisma.membership.count({ where: { teamId: admin.teamId } })).toBe(1);
});

it('of many who come with one link at the same time one gets in', async () => {
  const platform = await startPlatform();
  const { address, prisma } = platform;
  const admin = await administrator(platform);
  const { token } = await invite(admin);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      new Browser(address).post('/auth/sign-up', {
        ...{ ...GRACE, email: `grace${i}@example.org` },
        invitation: token,
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422, 422]);
  expect(await prisma.membership.count({ where: { teamId: admin.teamId } })).toBe(2);
  expect(await prisma.user.count()).toBe(2);
});

it('where sign-up is open, somebody new has a team', async () => {
  const { address } = await startPlatform({ access: { openSignUp: true } });
  const browser = new Browser(address);
  expect((await browser.post('/auth/sign-up', GRACE)).status).toBe(200);
  const { data } = await browser.ask('{ viewer { team { name } role } }');
  expect(data.viewer).toEqual({ team: { name: "Grace's team" }, role: 'ADMIN' });
  const again = await new Browser(address).post('/auth/sign-up', GRACE);
  expect(await again.json()).toMatchObject({ fields: ['email'] });
});

/** Signed in: keys let nobody in. */
async function administrator({ member, signedIn }: Platform) {
  const { teamId, userId } = await member('admin');
  const browser = await signedIn(userId);
  return { teamId, userId, ask: browser.ask.bind(browser) };
}

/** Makes an invitation; the token is the link's. */
async function invite(admin: Pick<Browser, 'ask'>, args = 'role: VIEWER') {
  const { data } = await admin.ask(
    `mutation { inviteMember(input: { ${args} }) { errors { message } link invitation { id } } }`,
  );
  expect(data.inviteMember.errors).toEqual([]);
  const { link, invitation } = data.inviteMember;
  const { href, searchParams } = new URL(link);
  return { href, token: searchParams.get('token') ?? '', id: invitation.id as string };
}
