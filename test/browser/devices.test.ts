import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { type Network, networkCost, networkHash } from '@espalier/network';
import { expect, it } from 'vitest';
import { type Platform, RESNET20, startPlatform } from '../../apps/api/test/platform.ts';
import { networkArtifact } from '../../apps/api/test/rows.ts';
import { madeProfile } from '../../packages/latency/test/made-profile.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

async function keepModel(platform: Platform, teamId: string, network: Network): Promise<void> {
  const { prisma } = platform;
  await prisma.project.create({ data: { id: 'proj_d', teamId, name: 'p' } });
  await prisma.model.create({
    data: {
      ...{ id: 'model_d', teamId, projectId: 'proj_d', name: 'resnet20', summary: {} },
      ...{ ...networkCost(network), networkHash: networkHash(network) },
      sha256: await networkArtifact(platform, network),
    },
  });
}

/** Where to put pictures of the pages, to look at them. */
const { ESPALIER_PICTURES: pictures } = process.env;

it('a person brings a profile, sees what the device takes, and renames it', async () => {
  const platform = await startPlatform({ dashboard: true });
  const { teamId, userId } = await platform.member('editor');
  const { network } = await readNetwork(RESNET20);
  const profile = madeProfile(network);
  await keepModel(platform, teamId, network);
  const { page, problems } = await signedInPage(platform, userId);
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByText('No device yet').waitFor();
  const file = (content: string) => ({
    ...{ name: 'device.json', mimeType: 'application/json', buffer: Buffer.from(content) },
  });
  const chooser = page.locator('input[type=file]');
  await chooser.setInputFiles(file(JSON.stringify({ ...profile, baseMs: -1 })));
  await page.getByText('device.json: baseMs: give a number above 0, not -1').waitFor();
  await page.getByLabel('Name of the device').fill('Raspberry Pi 5');
  await chooser.setInputFiles(file(JSON.stringify(profile)));
  await page.getByRole('heading', { level: 1, name: 'Raspberry Pi 5' }).waitFor();
  await page.getByRole('img', { name: /^Time of a run over the share of channels kept, from / }).waitFor();
  await page.getByRole('img', { name: /of 10 structures that had no part/ }).waitFor();
  await page.getByRole('link', { name: 'resnet20', exact: true }).waitFor();

  await page.getByRole('button', { name: 'Rename Raspberry Pi 5' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('board');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'board' }).waitFor();

  const device = new URL(page.url()).pathname;
  for (const [screen, viewport] of Object.entries({ desk: [1440, 900], phone: [390, 844] } as const)) {
    const [width, height] = viewport;
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [name, address] of [['devices', '/devices'] as const, ['device', device] as const]) {
        await page.goto(address);
        await page.getByRole('heading', { level: 1 }).waitFor();
        const what = `${name} ${screen} ${colorScheme}`;
        if (pictures) {
          await page.waitForTimeout(600);
          await page.screenshot({ path: path.join(pictures, `${name}-${screen}-${colorScheme}.png`) });
        }
        expect(await violations(page), what).toEqual([]);
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect(wide, what).toBeLessThanOrEqual(0);
      }
    }
  }
  expect(problems).toEqual([]);
});

it('a person has a worker measure a profile, sees how far it is, and cancels another', {
  timeout: 180_000,
}, async () => {
  const platform = await startPlatform({ dashboard: true, worker: true });
  const { teamId, userId } = await platform.member('editor');
  const { network } = await readNetwork(RESNET20);
  await keepModel(platform, teamId, network);
  const { page, problems } = await signedInPage(platform, userId);
  const measure = async (structures: number, name?: string) => {
    await page.getByRole('button', { name: 'Measure on a worker' }).click();
    const form = page.getByRole('dialog');
    if (name !== undefined) await form.getByLabel('Name of the device').fill(name);
    await form.getByLabel('Threads').fill('1');
    await form.getByLabel('Variants to time').fill(String(structures));
    if (pictures) await page.screenshot({ path: path.join(pictures, 'measure-form.png') });
    await form.getByRole('button', { name: 'Measure', exact: true }).click();
    await form.waitFor({ state: 'detached' });
  };
  await page.getByRole('link', { name: 'Devices' }).click();
  await page.getByText('Nothing yet: a worker measures on its machine').waitFor();
  await measure(2, 'this one');
  const table = page.getByRole('table', { name: 'Profiles measured by workers' });
  await table.getByText('measuring', { exact: true }).waitFor();
  await table.getByRole('progressbar', { name: 'structures measured' }).waitFor();
  if (pictures) await page.screenshot({ path: path.join(pictures, 'measuring.png') });
  expect(await violations(page)).toEqual([]);
  await table.getByText('done', { exact: true }).waitFor({ timeout: 90_000 });
  await table.getByRole('link', { name: 'this one' }).click();
  await page.getByRole('heading', { level: 1, name: 'this one' }).waitFor();
  await page.getByText('by a worker on').waitFor();

  await measure(1000);
  await page.getByRole('button', { name: 'Cancel the profile of resnet20' }).click();
  await table.getByText('cancelled', { exact: true }).waitFor();
  expect(problems).toEqual([]);
});
