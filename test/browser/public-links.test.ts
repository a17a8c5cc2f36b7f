import { expect, it } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { fillTeam } from '../../apps/api/test/runs-data.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

it('a person shares the report of a run, a stranger reads it, and it is revoked', {
  timeout: 240_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { teamId, userId } = await platform.member('editor');
  await fillTeam(platform.prisma, teamId, { runs: 30 });
  const run = await platform.prisma.run.findFirstOrThrow({
    where: { teamId, state: 'finished', result: { isNot: null } },
  });
  const { page, problems } = await signedInPage(platform, userId);
  await page.goto(`/runs/${run.id}`);
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Good for').selectOption('7');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const link = (await dialog.getByText(/\/public\//).textContent()) ?? '';
  expect(link).toMatch(/^http:\/\/\S+\/public\/[\w-]{43}$/);

  const stranger = await page.context().browser()?.newContext();
  const other = await stranger?.newPage();
  if (!other) throw new Error('there is a browser');
  expect((await other.goto(link))?.status()).toBe(200);
  await other.getByRole('heading', { name: 'Result', exact: true }).waitFor();

  await page.goto('/team');
  const links = page.getByRole('table', { name: 'Public links' });
  await links.getByRole('button', { name: /^Revoke/ }).waitFor();
  for (const [width, colorScheme] of [
    [1440, 'light'],
    [390, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), colorScheme).toEqual([]);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wide, String(width)).toBeLessThanOrEqual(0);
  }
  await links.getByRole('button', { name: /^Revoke/ }).click();
  await links.waitFor({ state: 'detached' });
  expect((await other.goto(link))?.status()).toBe(404);
  await other.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  expect(problems).toEqual([]);
});
