import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { commandIn } from '../../apps/api/test/command.ts';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { madeProfile } from '../../packages/latency/test/made-profile.ts';
import { pastThePhone, violations } from './accessibility.ts';
import { signedInPage } from './person.ts';
import { smallThings } from './small-things.ts';

/** Where to put pictures of the pages, to look at them. */
const { ESPALIER_PICTURES: pictures } = process.env;

it('a person starts a run by milliseconds, and pages tell what is predicted', {
  timeout: 300_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true, worker: true });
  const { userId, key, teamId } = await platform.member('editor');
  await platform.prisma.project.create({ data: { id: 'proj_m', teamId, name: 'Vision' } });
  const { folder, file, network, pictures: images } = await smallThings();
  const profile = path.join(folder, 'device.json');
  const made = madeProfile(network, { device: 'board' });
  // Time that uses channels, so that fewer of them are worth something.
  const kinds = made.kinds.map((kind) => ({ ...kind, milliseconds: [0.01, 0.001, 0.002, 0.0005] }));
  await writeFile(profile, JSON.stringify({ ...made, kinds }));
  const espalier = commandIn(folder, { ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: key });
  for (const args of [
    ['push', '--dataset', images, '--name', 'Noise'],
    ['push', file, '--project', 'Vision'],
    ['devices', 'add', profile],
  ]) {
    const { code, stderr } = await espalier(...args);
    expect(code, stderr).toBe(0);
  }

  const { page, problems } = await signedInPage(platform, userId);
  await page.goto('/experiments/new');
  await page.getByLabel('Name', { exact: true }).fill('Faster');
  await page.getByLabel('Device').selectOption({ index: 1 });
  for (const random of ['uniform with l1', 'uniform with random']) await page.getByLabel(random).uncheck();
  await page.getByLabel('Of what').selectOption('LATENCY');
  await page.getByLabel('Remove (%)').fill('15');
  await page.getByLabel('Images per measurement').fill('20');
  await page.getByLabel('Cut sizes to test').fill('0.5,0.75');
  await page.getByText('its narrowest takes').waitFor();
  await page.getByRole('button', { name: 'Start 1 run' }).click();
  await page.getByRole('heading', { name: 'Faster' }).waitFor();
  const experiment = new URL(page.url()).pathname;
  await page.getByRole('link', { name: /cie · l1/ }).click();
  await page.getByRole('link', { name: 'Download ONNX' }).waitFor({ timeout: 120_000 });
  await page
    .getByText(/ms .* board|board/)
    .first()
    .waitFor();

  const pages = [experiment, new URL(page.url()).pathname, '/compression?metric=latency', '/devices'];
  const barriers: string[] = [];
  for (const [i, address] of pages.entries()) {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      barriers.push(...(await violations(page)).map((what) => `${address} (${colorScheme}): ${what}`));
      if (!pictures) continue;
      await page.waitForTimeout(600);
      await page.screenshot({ path: path.join(pictures, `${i}-${colorScheme}.png`), fullPage: true });
    }
    const past = await pastThePhone(page);
    if (past > 0) barriers.push(`${address}: ${past} px wider than a phone`);
  }
  expect(barriers).toEqual([]);
  expect(problems).toEqual([]);
});
