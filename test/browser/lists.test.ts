import { newId } from '@espalier/store';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { makeRuns } from '../../apps/api/test/hand-made.ts';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { clickUntil } from './click.ts';
import { signedInPage } from './person.ts';

const MANY = 130;
const numbers = Array.from({ length: MANY }, (_, at) => String(at + 1).padStart(3, '0'));

it('shows lists of more than a page whole, and tells how long they are', async () => {
  const platform = await startPlatform({ dashboard: true });
  const { prisma } = platform;
  const { teamId, userId } = await platform.operator();
  const { id } = await makeRuns(prisma, teamId, [{ id: 'run_a', macs: 2000, top1: 0.88 }]);
  await prisma.run.update({ where: { id: id('run_a') }, data: { tags: numbers.map((n) => `tag ${n}`) } });
  await prisma.savedView.createMany({
    data: numbers.map((n) => ({
      ...{ id: newId('view'), teamId, userId, name: `View ${n}`, page: 'runs' },
      state: { query: `q=${n}` },
    })),
  });
  await prisma.project.createMany({
    data: numbers.map((n) => ({ id: newId('proj'), teamId, name: `Project ${n}` })),
  });
  const users = numbers.map((n) => ({ id: newId('user'), email: `${n}@example.org`, name: `Person ${n}` }));
  await prisma.user.createMany({ data: users });
  await prisma.membership.createMany({
    data: users.map((user) => ({ teamId, userId: user.id, role: 'viewer' as const })),
  });
  await prisma.apiKey.createMany({
    data: numbers.map((n) => ({
      ...{ id: newId('key'), teamId, userId, name: `Key ${n}`, prefix: `esp_${n}`, hash: `${teamId} ${n}` },
      ...{ role: 'viewer' as const, scopes: ['read' as const] },
    })),
  });
  await prisma.worker.createMany({
    data: numbers.map((n) => ({
      ...{ id: newId('worker'), host: `host ${n}`, pid: 1, engine: 'onnxruntime', cores: 2 },
      ...{ memoryBytes: 1e9, version: 'test' },
    })),
  });
  const { page, problems } = await signedInPage(platform, userId);

  // A menu offers all of them.
  await page.goto('/runs');
  await openMenu(page, 'Tags');
  await page.getByText('130 tags').waitFor();
  await page.getByRole('menuitemcheckbox', { name: 'tag 130' }).click();
  await page.waitForURL(/tags=tag\+130/);
  await page.keyboard.press('Escape');
  await openMenu(page, 'Views');
  await page.getByText('130 views').waitFor();
  await page.getByRole('menuitem', { name: 'View 130' }).click();
  await page.waitForURL(/q=130/);
  await page.goto('/compression');
  await page.getByLabel('Project').selectOption({ label: 'Project 130' });
  await page.waitForURL(/project=proj_/);

  // Tables have pages; each list of the team's page its own.
  await page.goto('/team');
  await page.getByText('131 members').waitFor();
  await page.getByText("131 keys, all of the team's").waitFor();
  const keys = page.getByRole('region', { name: 'API keys' });
  const members = page.getByRole('region', { name: 'Members of the team' });
  const seen = async (table: typeof keys, list: string) => {
    const pages = page.getByRole('navigation', { name: `Pages of ${list}` });
    const names = new Set<string>();
    for (let at = 0; ; at += 1) {
      const cells = await table.locator('tbody tr td:first-child').allInnerTexts();
      for (const name of cells) names.add(name);
      const next = pages.getByRole('link', { name: 'Next page' });
      if ((await next.count()) === 0) return { names, pages: at + 1 };
      const [first = ''] = cells;
      await next.click();
      await table.getByRole('cell', { name: first, exact: true }).waitFor({ state: 'detached' });
    }
  };
  const someKeys = await seen(keys, 'API keys');
  expect([someKeys.pages, someKeys.names.size]).toEqual([3, MANY + 1]);
  expect(someKeys.names).toContain('Key 130');
  const people = await seen(members, 'members');
  expect([people.pages, people.names.size]).toEqual([3, MANY + 1]);
  // The other list stayed where it was.
  expect(page.url()).toMatch(/members=.*keys=|keys=.*members=/);
  await page
    .getByRole('navigation', { name: 'Pages of members' })
    .getByRole('link', { name: 'First page' })
    .click();
  await page.waitForURL((url) => url.searchParams.has('keys') && !url.searchParams.has('members'));

  await page.goto('/workers');
  await page.getByText('workers 130').waitFor();
  const hosts = new Set(await page.locator('tbody tr td:first-child').allInnerTexts());
  await page.getByRole('link', { name: 'Next page' }).click();
  await page.waitForURL(/after=/);
  await page.getByRole('link', { name: 'First page' }).waitFor();
  const more = await page.locator('tbody tr td:first-child').allInnerTexts();
  expect(more.filter((host) => hosts.has(host))).toEqual([]);
  expect(problems).toEqual([]);
});

function openMenu(page: Page, name: string): Promise<void> {
  return clickUntil(page.getByRole('button', { name }), page.getByRole('menu'));
}
