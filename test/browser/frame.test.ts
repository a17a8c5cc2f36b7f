import { expect, it } from 'vitest';
import { platformOfFile } from '../../apps/api/test/platform.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

const SIDE_BAR = { name: 'Main' } as const;

/** Each test leaves it as it was. */
const platformOf = platformOfFile({ dashboard: true });

it('a page that a link asked for waits for a platform that does not answer, in the frame', {
  timeout: 120_000,
}, async () => {
  const platform = platformOf();
  const { userId } = await platform.member('editor');
  const { page } = await signedInPage(platform, userId);
  await page.waitForLoadState('networkidle');
  // As when nobody listens any more: the browser itself is online.
  await page.route('**/*', (route) => route.abort('connectionrefused'));
  await page.getByRole('link', { name: 'Glossary', exact: true }).click();
  const notice = page.getByText('The platform does not answer.');
  await notice.waitFor();
  await page.getByText('links that you followed open then').waitFor();
  expect(await page.getByRole('navigation', SIDE_BAR).isVisible()).toBe(true);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Overview');
  await page.getByTitle('Loss against saving over all runs, models of any size together').waitFor();
  expect(await violations(page)).toEqual([]);

  await page.unroute('**/*');
  // Unless the page has tried by itself before: then there is nothing to click any more.
  const retried = page.getByRole('button', { name: 'Retry now' }).click();
  await Promise.race([retried.catch(() => {}), notice.waitFor({ state: 'detached' })]);
  await page.getByRole('heading', { name: 'Glossary', level: 1 }).waitFor();
  await notice.waitFor({ state: 'detached' });
});

it('what has no page, and a page that fails, say so in the frame', { timeout: 120_000 }, async () => {
  const platform = platformOf();
  const { userId } = await platform.member('editor');
  const { page } = await signedInPage(platform, userId);
  expect((await page.goto('/no-such-page'))?.status()).toBe(404);
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  expect(await page.getByRole('navigation', SIDE_BAR).isVisible()).toBe(true);

  await platform.prisma.$executeRawUnsafe('ALTER TABLE "Benchmark" RENAME TO "Away"');
  await page.getByRole('link', { name: 'Benchmarks', exact: true }).click();
  await page.getByRole('heading', { name: 'This page failed to load' }).waitFor();
  expect(await page.getByRole('navigation', SIDE_BAR).isVisible()).toBe(true);
  expect(await violations(page)).toEqual([]);
  // Also where it is asked for by its address.
  await page.reload();
  await page.getByRole('heading', { name: 'This page failed to load' }).waitFor();
  expect(await page.getByRole('navigation', SIDE_BAR).isVisible()).toBe(true);
  await platform.prisma.$executeRawUnsafe('ALTER TABLE "Away" RENAME TO "Benchmark"');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Benchmarks', level: 1 }).waitFor();
});

it('a page whose answer does not come says so in the frame, and can be tried again', {
  timeout: 180_000,
}, async () => {
  const platform = platformOf();
  const { userId } = await platform.member('editor');
  const { page } = await signedInPage(platform, userId);
  await page.waitForLoadState('networkidle');
  let over = false;
  // Nobody reads benchmarks meanwhile.
  const held = platform.prisma.$transaction(
    async (transaction) => {
      await transaction.$executeRawUnsafe('LOCK TABLE "Benchmark" IN ACCESS EXCLUSIVE MODE');
      while (!over) await transaction.$executeRawUnsafe('SELECT pg_sleep(0.5)');
    },
    { timeout: 120_000 },
  );
  await page.goto('/benchmarks', { timeout: 60_000 });
  await page.getByRole('heading', { name: 'This page failed to load' }).waitFor({ timeout: 50_000 });
  expect(await page.getByRole('navigation', SIDE_BAR).isVisible()).toBe(true);
  over = true;
  await held;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Benchmarks', level: 1 }).waitFor();
});

it('the policy of a page refuses no style of a dialog', { timeout: 120_000 }, async () => {
  const platform = platformOf();
  const { userId } = await platform.member('editor');
  const { page } = await signedInPage(platform, userId);
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog').getByRole('combobox').waitFor();
  expect(refused).toEqual([]);
});

it('a term says what it means, on hover and by keyboard', { timeout: 120_000 }, async () => {
  const platform = platformOf();
  const { userId, teamId } = await platform.member('editor');
  const { page, problems } = await signedInPage(platform, userId);
  await platform.prisma.project.create({ data: { id: 'proj_t', teamId, name: 'T' } });
  await platform.prisma.artifact.create({
    data: { sha256: '0'.repeat(64), bytes: 1, mediaType: 'application/onnx' },
  });
  await platform.prisma.model.create({
    data: {
      ...{ id: 'model_t', teamId, projectId: 'proj_t', name: 'net', sha256: '0'.repeat(64) },
      ...{ networkHash: '0', params: 1, macs: 1, summary: {} },
    },
  });
  await page.goto('/models/model_t');
  const term = page.getByRole('main').getByRole('link', { name: 'MACs', exact: true }).first();
  const meaning = page.getByRole('tooltip');
  await expect.poll(() => term.hover().then(() => meaning.count())).toBe(1);
  expect(await meaning.textContent()).toMatch(/^Multiplications with an addition/);
  expect(await violations(page)).toEqual([]);
  await page.mouse.move(0, 0);
  await meaning.waitFor({ state: 'detached' });
  await term.focus();
  await meaning.waitFor();
  await page.keyboard.press('Escape');
  await meaning.waitFor({ state: 'detached' });
  // What the file does not name is left out.
  expect(await page.getByRole('main').getByText('classes').count()).toBe(0);
  await term.click();
  await page.getByRole('heading', { name: 'Glossary', level: 1 }).waitFor();
  expect(problems).toEqual([]);
});
