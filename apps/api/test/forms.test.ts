import { expect, it } from 'vitest';
import { newSignInLink } from '../src/access/sign-in-link.ts';
import { Browser } from './browser.ts';
import { type Platform, startPlatform } from './platform.ts';

const PASSWORD = 'correct horse battery';
const HTML = { accept: 'text/html,application/xhtml+xml' };

/** What a browser sends by itself. */
function send(browser: Browser, where: string, fields: Record<string, string>, headers = {}) {
  const body = new URLSearchParams(fields);
  return browser.fetch(where, { method: 'POST', body, headers: { ...HTML, ...headers } });
}

async function led(answer: Promise<Response>) {
  const { status, headers } = await answer;
  return [status, headers.get('location')];
}

async function withPassword(platform: Platform) {
  const { userId } = await platform.member('editor');
  const link = await platform.signedIn(userId);
  const email = 'ada@example.org';
  const set = `mutation { updateAccount(input: { email: "${email}", password: "${PASSWORD}" }) { ok } }`;
  expect((await link.ask(set)).data.updateAccount.ok).toBe(true);
  return email;
}

const viewer = async (browser: Browser) => (await browser.ask('{ viewer { user { email } } }')).data?.viewer;

it('a form signs in without scripts, and goes to a page of ours', async () => {
  const platform = await startPlatform();
  const { address } = platform;
  const email = await withPassword(platform);
  const good = { email, password: PASSWORD };
  for (const [next, to] of [
    ['/runs?state=failed', '/runs?state=failed'],
    ['//evil.example/x', '/'],
    ['/\t/evil.example/x', '/'],
    ['https://evil.example/x', '/'],
  ] as const) {
    const browser = new Browser(address);
    expect(await led(send(browser, '/auth/form/sign-in', { ...good, next }))).toEqual([303, to]);
    expect(await viewer(browser)).toEqual({ user: { email } });
  }
  const browser = new Browser(address);
  const wrong = { email, password: 'a guess that is wrong', next: '/runs' };
  const back = '/sign-in?refused=wrong&next=%2Fruns';
  expect(await led(send(browser, '/auth/form/sign-in', wrong))).toEqual([303, back]);
  expect(await led(send(browser, '/auth/form/sign-in', { ...wrong, email: 'nobody' }))).toEqual([303, back]);
  expect(browser.cookies.size).toBe(0);
  // With scripts the same, as JSON.
  const asked = await send(browser, '/auth/form/sign-in', wrong, { accept: 'application/json' });
  expect([asked.status, await asked.json()]).toEqual([401, expect.objectContaining({ refused: 'wrong' })]);
  const told = await send(
    browser,
    '/auth/form/sign-in',
    { ...good, next: '//x.y' },
    { accept: 'application/json' },
  );
  expect(await told.json()).toEqual({ to: '/' });
});

it('forms of other pages, of no page, and with what is no form are refused', async () => {
  const platform = await startPlatform();
  const email = await withPassword(platform);
  const form = { email, password: PASSWORD };
  const refused = async (headers: Record<string, string>, origin?: string) => {
    const response = await fetch(`${platform.address}/auth/form/sign-in`, {
      ...{ method: 'POST', body: new URLSearchParams(form), redirect: 'manual' },
      headers: { ...HTML, ...(origin === undefined ? {} : { origin }), ...headers },
    });
    expect(response.headers.getSetCookie()).toEqual([]);
    return [response.status, response.headers.get('location')];
  };
  const page = [303, '/sign-in?refused=page'];
  expect(await refused({}, 'https://evil.example')).toEqual(page);
  expect(await refused({}, 'null')).toEqual(page);
  expect(await refused({})).toEqual(page);
  expect(await refused({ 'sec-fetch-site': 'cross-site' }, platform.address)).toEqual(page);
  expect(await refused({ 'sec-fetch-site': 'same-site' }, platform.address)).toEqual(page);
  expect(await refused({ 'content-type': 'application/json' }, platform.address)).toEqual([415, null]);
  // A browser's word for a page that sends no referrers.
  const own = await fetch(`${platform.address}/auth/form/sign-in`, {
    ...{ method: 'POST', body: new URLSearchParams(form), redirect: 'manual' },
    headers: { ...HTML, origin: 'null', 'sec-fetch-site': 'same-origin' },
  });
  expect([own.status, own.headers.get('location')]).toEqual([303, '/']);
  expect((await fetch(`${platform.address}/auth/form/sign-in`)).status).toBe(404);
});

it('the form has the limits of guessing that the API has', async () => {
  const platform = await startPlatform({ access: { attempts: 3 } });
  const email = await withPassword(platform);
  const browser = new Browser(platform.address);
  const tries: (string | number | null)[][] = [];
  for (let i = 0; i < 5; i++) {
    tries.push(await led(send(browser, '/auth/form/sign-in', { email, password: `wrong guess ${i}` })));
  }
  expect(tries[0]).toEqual([303, '/sign-in?refused=wrong&next=%2F']);
  expect(tries.at(-1)).toEqual([303, '/sign-in?refused=limit&next=%2F']);
  const late = await send(browser, '/auth/form/sign-in', { email, password: PASSWORD });
  expect(late.headers.get('location')).toBe('/sign-in?refused=limit&next=%2F');
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
});

it('an invitation is accepted by its form, and its token leaves the address at once', async () => {
  const platform = await startPlatform();
  const { address, prisma } = platform;
  const { userId } = await platform.member('admin');
  const admin = await platform.signedIn(userId);
  const invited = async () => {
    const { data } = await admin.ask('mutation { inviteMember(input: { role: VIEWER }) { link } }');
    return new URL(data.inviteMember.link);
  };
  const [link, other] = [await invited(), await invited()];
  const browser = new Browser(address);
  const open = (url: URL) => browser.fetch(`${url.pathname}${url.search}`, { headers: HTML });
  const opened = await open(link);
  expect([opened.status, opened.headers.get('location')]).toEqual([303, '/invitation']);
  expect(opened.headers.get('referrer-policy')).toBe('no-referrer');
  expect(opened.headers.getSetCookie()[0]).toMatch(/^espalier-invitation=.*; HttpOnly; SameSite=Lax$/);

  const shownOf = async ({ searchParams }: URL) => {
    const bytes = new TextEncoder().encode(searchParams.get('token') ?? '');
    return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  };
  const grace = { name: 'Grace', email: 'grace@example.org', password: PASSWORD };
  const shown = { invitation: await shownOf(link) };
  const join = (fields: Record<string, string>) => led(send(browser, '/auth/form/sign-up', fields));
  expect(await join({ ...grace, ...shown, password: 'short' })).toEqual([
    303,
    '/invitation?refused=password',
  ]);
  expect(await join({ ...grace, ...shown, email: 'none' })).toEqual([303, '/invitation?refused=email']);
  expect(await join({ ...grace, ...shown, name: '\0' })).toEqual([303, '/invitation?refused=name']);
  // The other one was opened in another window.
  await open(other);
  expect(await join({ ...grace, ...shown })).toEqual([303, '/invitation?refused=invitation']);
  await open(link);
  expect(await prisma.user.count({ where: { email: grace.email } })).toBe(0);
  expect(await join({ ...grace, ...shown })).toEqual([303, '/']);
  expect(await viewer(browser)).toEqual({ user: { email: grace.email } });
  expect(browser.cookies.has('espalier-invitation')).toBe(false);

  const late = await open(link);
  expect(late.headers.get('location')).toBe('/invitation?refused=gone');
  expect(await led(open(new URL('/invitation?token=guess', address)))).toEqual([
    303,
    '/invitation?refused=gone',
  ]);
});

it('where sign-up is open a form makes an account and its team; elsewhere it leads back', async () => {
  const fields = { name: 'Grace', email: 'grace@example.org', password: PASSWORD };
  const open = await startPlatform({ access: { openSignUp: true } });
  const browser = new Browser(open.address);
  expect(await (await browser.fetch('/auth/sign-up')).json()).toEqual({ open: true });
  const short = send(browser, '/auth/form/sign-up', { ...fields, password: 'short' });
  expect(await led(short)).toEqual([303, '/sign-up?refused=password']);
  expect(await led(send(browser, '/auth/form/sign-up', fields))).toEqual([303, '/']);
  expect(await viewer(browser)).toEqual({ user: { email: fields.email } });
  // Whoever leaves the team's name empty gets one of theirs.
  for (const [email, team, name] of [
    ['first@example.org', '', "Grace's team"],
    ['second@example.org', 'Vision', 'Vision'],
  ] as const) {
    const own = new Browser(open.address);
    const sent = send(own, '/auth/form/sign-up', { ...fields, email, team });
    expect(await led(sent)).toEqual([303, '/']);
    expect((await own.ask('{ viewer { team { name } } }')).data.viewer.team).toEqual({ name });
  }

  const closed = await startPlatform();
  const other = new Browser(closed.address);
  expect(await (await other.fetch('/auth/sign-up')).json()).toEqual({ open: false });
  expect(await led(send(other, '/auth/form/sign-up', fields))).toEqual([303, '/sign-up?refused=invitation']);
  expect(await closed.prisma.user.count()).toBe(0);
});

it('a sign-in link leads in or to a page that says what to do', async () => {
  const { prisma, member, address } = await startPlatform();
  await member('admin');
  const { path } = await newSignInLink(prisma);
  const browser = new Browser(address);
  const open = (where: string) => led(browser.fetch(where, { headers: HTML }));
  expect(await open(path)).toEqual([303, '/']);
  expect(await viewer(browser)).toBeTruthy();
  const stranger = new Browser(address);
  const again = (where: string) => led(stranger.fetch(where, { headers: HTML }));
  expect(await again(path)).toEqual([303, '/sign-in?refused=link']);
  expect(await again('/auth/sign-in-link?token=guess')).toEqual([303, '/sign-in?refused=link']);
  expect(stranger.cookies.size).toBe(0);
});
