import { expect, it } from 'vitest';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { sampledElsewhere } from '../../apps/api/test/sampled-elsewhere.ts';
import { fillByHand } from '../../apps/api/test/strategies-data.ts';
import { loaded } from '../bench/dashboard/page-load.ts';
import { signedInPage } from './person.ts';

/** Bytes of JavaScript that the first load of a page transfers, with all that draws its charts. */
const MOST_SCRIPT = 250_000;

it('no page loads more JavaScript than it may', { timeout: 900_000 }, async () => {
  const platform = await startPlatform({ dashboard: true });
  const { prisma } = platform;
  const editor = await platform.member('admin');
  await fillByHand(prisma, editor.teamId);
  await prisma.project.update({ where: { id: 'proj_h' }, data: { name: 'by hand' } });
  const { id: samplingId, modelId } = await sampledElsewhere(platform, editor);
  const { page } = await signedInPage(platform, editor.userId);
  // Its experiment has no run at work: a page that follows one is never idle.
  const run = await prisma.run.findUniqueOrThrow({ where: { id: 'run_tuned' } });
  const places = await page
    .getByRole('navigation')
    .first()
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
  expect(places.length).toBeGreaterThan(10);
  const others = [
    ...['/experiments/new', '/trash', '/account', '/glossary', '/sign-in', `/models/${modelId}`],
    ...[`/explore/${samplingId}`, `/experiments/${run.experimentId}`, `/runs/${run.id}`],
    ...['matrix', 'training'].map((tab) => `/runs/${run.id}?tab=${tab}`),
    // With points, curves and lines.
    '/experiments/exp_plain',
    '/compare?experiments=exp_plain',
  ];
  const heavy: string[] = [];
  const sizes: string[] = [];
  for (const place of new Set([...places, ...others])) {
    const { script } = await loaded(page.context(), place);
    expect(script, place).toBeGreaterThan(50_000);
    sizes.push(`${place} ${Math.round(script / 1000)} kB`);
    if (script > MOST_SCRIPT) heavy.push(`${place}: ${script} bytes`);
  }
  console.info(sizes.join('\n'));
  expect(heavy).toEqual([]);
});
