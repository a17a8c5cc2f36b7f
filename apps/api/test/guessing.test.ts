import { expect, it } from 'vitest';
import { Browser } from './browser.ts';
import { type Platform, startPlatform } from './platform.ts';

const PASSWORD = 'correct horse battery';

it('an account has so many guesses from an address, whatever it says of itself, and all at once or not', async () => {
  const platform = await startPlatform({ access: { attempts: 3 } });
  const { email } = await withPassword(platform);
  const guess = (from: number) =>
    signIn(platform, email, 'guess guess', {
      'x-forwarded-for': `10.0.0.${from}`,
      'x-espalier-peer': `10.0.0.${from}`,
    });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => guess(at)));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(3);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(9);
  const seconds = Number(refused[0]?.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(800);
  expect(seconds).toBeLessThanOrEqual(900);
  expect(await refused[0]?.json()).toEqual({
    code: 'TOO_MANY_REQUESTS',
    message: `too many tries to sign in: try again in ${seconds} s`,
  });
  // The right one would be told by another answer.
  expect((await signIn(platform, email, PASSWORD)).status).toBe(429);
  // Another spelling is the same account.
  expect((await signIn(platform, ` ${email.toUpperCase()}`, PASSWORD)).status).not.toBe(200);
});

it('all processes of the API count together', async () => {
  const one = await startPlatform({ access: { attempts: 3 } });
  const other = await startPlatform({ access: { attempts: 3 }, url: one.url });
  const { email } = await withPassword(one);
  const guesses = [one, other, one, other, one, other].map((at) => signIn(at, email, 'guess guess'));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([401, 401, 401, 429, 429, 429]);
});

it('an account that there is not is refused by the same answers', async () => {
  const platform = await startPlatform({ access: { attempts: 2 } });
  const { email } = await withPassword(platform);
  const told = async (whose: string) => {
    const all: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      const response = await signIn(platform, whose, 'guess guess');
      all.push([response.status, ((await response.json()) as { code: string }).code]);
    }
    return all;
  };
  expect(await told('nobody@example.org')).toEqual(await told(email));
});

it('of all who come by one address, one who guesses keeps nobody out', async () => {
  const platform = await startPlatform({ access: { attempts: 4 } });
  const { email } = await withPassword(platform);
  const [attacked, known] = [await withPassword(platform), new Browser(platform.address)];
  // Signed in here before, and out.
  await known.post('/auth/sign-in/email', { email: attacked.email, password: PASSWORD });
  await known.post('/auth/sign-out');
  // More than the address has: one account, and many.
  for (let i = 0; i < 6; i++) await signIn(platform, attacked.email, 'guess guess');
  for (let i = 0; i < 45; i++) await signIn(platform, `nobody${i}@example.org`, 'guess guess');
  expect((await signIn(platform, email, PASSWORD)).status).toBe(200);
  expect((await signIn(platform, attacked.email, PASSWORD)).status).toBe(429);
  const again = () => known.post('/auth/sign-in/email', { email: attacked.email, password: PASSWORD });
  expect((await again()).status).toBe(200);
  // A few for each account are left to the address, and no more.
  const spray = [];
  for (let i = 0; i < 5; i++) spray.push((await signIn(platform, 'one@example.org', 'guess guess')).status);
  expect(spray).toEqual([401, 401, 401, 429, 429]);
});

it('a browser that is known has its own guesses, for its own account, and no more than others', async () => {
  const platform = await startPlatform({ access: { attempts: 3 } });
  const [one, other] = [await withPassword(platform), await withPassword(platform)];
  const browser = new Browser(platform.address);
  await browser.post('/auth/sign-in/email', { email: one.email, password: PASSWORD });
  const device = browser.cookies.get('espalier.device') ?? '';
  const guess = async (email: string, cookie: string) => {
    const statuses = [];
    for (let i = 0; i < 5; i++) {
      const headers = { cookie: `espalier.device=${cookie}` };
      statuses.push((await signIn(platform, email, 'guess guess', headers)).status);
    }
    return statuses;
  };
  expect(await guess(one.email, device)).toEqual([401, 401, 401, 429, 429]);
  // Another account's, one that was made up, and one that was changed are none.
  expect(await guess(other.email, device)).toEqual([401, 401, 401, 429, 429]);
  expect((await signIn(platform, other.email, PASSWORD, { cookie: 'espalier.device=x.y' })).status).toBe(429);
  const changed = device.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'));
  expect(await guess(one.email, changed)).toEqual([401, 401, 401, 429, 429]);
});

it('what was right is no guess, and what was guessed is forgotten', async () => {
  const platform = await startPlatform({ access: { attempts: 3 } });
  const { email } = await withPassword(platform);
  for (let i = 0; i < 6; i++) expect((await signIn(platform, email, PASSWORD)).status).toBe(200);
  for (let i = 0; i < 3; i++) await signIn(platform, email, 'guess guess');
  expect((await signIn(platform, email, PASSWORD)).status).toBe(429);
  await platform.prisma.attempt.updateMany({ data: { endsAt: new Date(Date.now() - 1000) } });
  expect((await signIn(platform, email, PASSWORD)).status).toBe(200);
});

it('the password that one gives again is guessed slowly, also by many fields of a request', async () => {
  const platform = await startPlatform();
  const { email, userId } = await withPassword(platform);
  const browser = new Browser(platform.address);
  await browser.post('/auth/sign-in/email', { email, password: PASSWORD });
  const aliases = (password: string, times: number) => {
    const field = (_: unknown, at: number) =>
      `a${at}: updateAccount(input: { email: "new@example.org", password: "another one", currentPassword: "${password}${at}" }) { ok errors { path } }`;
    return browser.post('/graphql', {
      query: `mutation { ${Array.from({ length: times }, field).join(' ')} }`,
    });
  };
  const began = performance.now();
  const response = await aliases('guess guess', 20);
  const spent = performance.now() - began;
  expect(response.status).toBe(429);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(800);
  expect(await response.json()).toMatchObject({
    errors: expect.arrayContaining([
      expect.objectContaining({
        message: expect.stringMatching(/^too many tries of the password: try again in \d+ s$/),
        extensions: { code: 'TOO_MANY_REQUESTS' },
      }),
    ]),
  });
  // Refused before anything costly: ten hashes less.
  const again = performance.now();
  expect((await aliases('guess guess', 20)).status).toBe(429);
  expect(performance.now() - again).toBeLessThan(spent);
  expect(await platform.prisma.attempt.count({ where: { key: { startsWith: 'password:' } } })).toBe(1);
  expect((await platform.prisma.user.findUniqueOrThrow({ where: { id: userId } })).email).toBe(email);
});

it('links and invitations that there are not are counted together, and right ones always found', async () => {
  const platform = await startPlatform();
  const wrong = [
    () => fetch(`${platform.address}/auth/sign-in-link?token=guess`),
    () => fetch(`${platform.address}/auth/invitation?token=guess`),
    () => new Browser(platform.address).post('/auth/sign-up', { ...NEW, invitation: 'guess' }),
  ];
  for (let i = 0; i < 60; i++) expect((await wrong[i % wrong.length]?.())?.status).not.toBe(429);
  for (const one of wrong) {
    const response = await one();
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(await response.text()).toMatch(
      /too many links or invitations that there are not: try again in \d+ s/,
    );
  }
  const { userId } = await platform.member('viewer');
  const browser = new Browser(platform.address);
  expect((await browser.follow(await platform.signInLink(userId))).status).toBe(302);
});

it('so are keys, on every route', async () => {
  const { address, prisma, member } = await startPlatform();
  const { key } = await member('viewer');
  const headers = (bearer: string) => ({
    'content-type': 'application/json',
    authorization: `Bearer ${bearer}`,
  });
  const ask = (bearer: string) => {
    const body = JSON.stringify({ query: '{ viewer { role } }' });
    return fetch(`${address}/graphql`, { method: 'POST', headers: headers(bearer), body });
  };
  const read = (bearer: string) => fetch(`${address}/files/${'0'.repeat(64)}`, { headers: headers(bearer) });
  expect([(await ask('esp_guess')).status, (await read('esp_guess')).status]).toEqual([200, 401]);
  expect((await prisma.attempt.findFirstOrThrow()).count).toBe(2);
  await prisma.attempt.updateMany({ data: { count: 1000 } });
  for (const one of [ask, read]) {
    const response = await one('esp_guess');
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: expect.stringMatching(/^too many API keys that there are not: try again in \d+ s$/),
          extensions: { code: 'TOO_MANY_REQUESTS' },
        },
      ],
    });
  }
  expect((await ask(key)).status).toBe(200);
});

it('new accounts of an address are counted where sign-up is open', async () => {
  const { address } = await startPlatform({ access: { openSignUp: true } });
  const statuses = [];
  for (let i = 0; i < 21; i++) {
    const body = { ...NEW, email: `new${i}@example.org` };
    statuses.push((await new Browser(address).post('/auth/sign-up', body)).status);
  }
  expect(statuses).toEqual([...Array(20).fill(200), 429]);
});

const NEW = { name: 'New', email: 'new@example.org', password: PASSWORD };

function signIn(
  { address }: Platform,
  email: string,
  password: string,
  headers: Record<string, string> = {},
) {
  return fetch(`${address}/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: address, ...headers },
    body: JSON.stringify({ email, password }),
  });
}

/** An administrator who has a password. */
async function withPassword({ member, signedIn }: Platform) {
  const { userId, teamId } = await member('admin');
  const browser = await signedIn(userId);
  const { data } = await browser.ask(`mutation { updateAccount(input: { password: "${PASSWORD}" }) { ok } }`);
  expect(data.updateAccount.ok).toBe(true);
  return { userId, teamId, email: `${userId}@example.org` };
}
