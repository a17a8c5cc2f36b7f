import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { networkCost } from '@espalier/network';
import { expect, it } from 'vitest';
import { RESNET20, startPlatform } from '../../apps/api/test/platform.ts';
import { networkArtifact } from '../../apps/api/test/rows.ts';
import { madeProfile } from '../../packages/latency/test/made-profile.ts';
import { violations } from './accessibility.ts';
import { signedInPage } from './person.ts';

/** Where to put pictures of the pages, to look at them. */
const { ESPALIER_PICTURES: pictures } = process.env;

it('a person brings a profile, sees what the device takes, and renames it', async () => {
  const platform = await startPlatform({ dashboard: true });
  const { teamId, userId } = await platform.member('editor');
  const { network } = await readNetwork(RESNET20);
  const profile = madeProfile(network);
  const { prisma } = platform;
  await prisma.project.create({ data: { id: 'proj_d', teamId, name: 'p' } });
  await prisma.model.create({
    data: {
      ...{
        id: 'model_d',
        teamId,
        projectId: 'proj_d',
        name: 'resnet20',
        summary: {},
        ...networkCost(network),
      },
      ...{ networkHash: profile.network.hash, sha256: await networkArtifact(platform, network) },
    },
  });
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
