import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { type Platform, startPlatform } from '../../apps/api/test/platform.ts';
import { violations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';

const PATIENCE_MS = 30_000;
const PASSWORD = 'correct horse battery';
const EMAIL = 'ada@example.org';

/** A page that notes every address that it asks for. */
async function open(javaScriptEnabled: boolean): Promise<{ page: Page; addresses: string[] }> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ javaScriptEnabled });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''));
  return { page, addresses };
}

async function withAda(): Promise<Platform & { invite(): Promise<string> }> {
  const platform = await startPlatform({ dashboard: true });
  await expect
    .poll(() => fetch(`${platform.address}/icon.svg`).then(({ status }) => status), { timeout: PATIENCE_MS })
    .toBe(200);
  const { userId } = await platform.member('admin');
  const admin = await platform.signedIn(userId);
  const set = `mutation { updateAccount(input: { email: "${EMAIL}", password: "${PASSWORD}" }) { ok } }`;
  expect((await admin.ask(set)).data.updateAccount.ok).toBe(true);
  const invite = async () => {
    const { data } = await admin.ask('mutation { inviteMember(input: { role: VIEWER }) { link } }');
    return data.inviteMember.link as string;
  };
  return { ...platform, invite };
}

it.each([
  ['without scripts', false],
  ['with scripts', true],
])(
  'signs in and up %s, and no address holds a password or token',
  async (_how, scripts) => {
    const { address, invite } = await withAda();
    const { page, addresses } = await open(scripts);
    const heading = (name: string | RegExp) => page.getByRole('heading', { name }).waitFor();

    await page.goto(`${address}/sign-in?token=guessed`);
    await heading('This sign-in link is over');
    await page.goto(`${address}/invitation?token=guessed`);
    await heading('This invitation is over');

    // To the page that was asked for, once the password is right.
    await page.goto(`${address}/runs`);
    await heading('Sign in to Espalier');
    const signIn = async (password: string) => {
      await page.getByLabel('E-mail').fill(EMAIL);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    await signIn('wrong-pass-word');
    await page.getByText('E-mail or password is wrong.').waitFor();
    await signIn(PASSWORD);
    await heading('Runs');
    expect(page.url()).toBe(`${address}/runs`);

    await page.context().clearCookies();
    const link = await invite();
    await page.goto(link);
    await heading(/^Join /);
    expect(page.url()).toBe(`${address}/invitation`);
    await page.getByLabel('Name').fill('Grace');
    await page.getByLabel('E-mail').fill(EMAIL);
    await page.getByLabel('Password').fill('wrong-pass-word');
    await page.getByRole('button', { name: 'Join the team' }).click();
    await page
      .getByText(scripts ? 'this address cannot be used here' : 'This address cannot be taken')
      .waitFor();
    await page.getByLabel('Name').fill('Grace');
    await page.getByLabel('E-mail').fill(`grace-${scripts}@example.org`);
    await page.getByLabel('Password').fill('wrong-pass-word');
    await page.getByRole('button', { name: 'Join the team' }).click();
    await heading('Overview');

    const token = new URL(link).searchParams.get('token') ?? '';
    const told = addresses.filter((each) => /pass-word|correct.horse/.test(decodeURIComponent(each)));
    expect(told).toEqual([]);
    // But for the link itself.
    expect(addresses.filter((each) => each.includes(token))).toEqual([link]);
  },
  120_000,
);

it('no form puts what it holds into an address while scripts are on their way', async () => {
  const platform = await withAda();
  const { address } = platform;
  const { page, addresses } = await open(false);
  await page.goto(`${address}/sign-in`);
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${address}/account`);
  await page.getByLabel('New password').fill('another-pass-word');
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForLoadState();
  expect(addresses.filter((each) => /pass-word|correct.horse/.test(decodeURIComponent(each)))).toEqual([]);
  expect(page.url()).toBe(`${address}/account`);
  for (const where of ['account', 'team', 'models', 'experiments/new', 'compression']) {
    await page.goto(`${address}/${where}`);
    const methods = await page
      .locator('form')
      .evaluateAll((forms) => forms.map((form) => form.getAttribute('method')));
    expect(
      methods.filter((method) => method !== 'post'),
      where,
    ).toEqual([]);
  }
}, 120_000);

it('without an account the sign-in page says where one comes from, and where sign-up is open leads to it', async () => {
  const platform = await startPlatform({ dashboard: true, access: { openSignUp: true } });
  const { address } = platform;
  const up = () => fetch(`${address}/icon.svg`).then(({ status }) => status);
  await expect.poll(up, { timeout: PATIENCE_MS }).toBe(200);
  const { page } = await open(true);
  await page.goto(`${address}/sign-in`);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('heading', { name: 'Create an account' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Name', { exact: true }).fill('Grace');
  await page.getByLabel('Name of your team').fill('Vision');
  await page.getByLabel('E-mail').fill('grace@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByText('Vision', { exact: true }).waitFor();
  const [user] = await platform.prisma.user.findMany({ include: { memberships: true } });
  expect([user?.email, user?.memberships.length]).toEqual(['grace@example.org', 1]);
}, 120_000);
