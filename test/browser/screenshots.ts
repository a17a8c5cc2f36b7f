/**
 * `npm run screenshots [-- --home FOLDER]`: starts the platform on a separate home, lets it run the example
 * experiment, and takes a picture of every page in light and dark, on a desk and on a phone, into
 * docs/screenshots. With --home what is in that home is shown, and nothing is added to it.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { until, violations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { asked, furtherPages, type Picture } from './further-pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const OUT = path.join(root, 'docs/screenshots');

const SCREENS = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

const { values } = parseArgs({ options: { home: { type: 'string' }, only: { type: 'string' } } });
const home = values.home ?? (await mkdtemp('/var/tmp/espalier-screenshots-'));
await mkdir(OUT, { recursive: true });
const platform = spawn(process.execPath, [path.join(root, 'apps/api/bin/serve.mjs'), '--link'], {
  env: {
    ...process.env,
    ...{ ESPALIER_HOME: home, ESPALIER_PORT: '0', ESPALIER_WEBHOOKS_PRIVATE: '127.0.0.1' },
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const browser = await launchBrowser();
  const page = await signedIn(browser);
  // Those of the example come first: what further pages add is newer than it.
  const pages = await pagesOf(page);
  const further = values.home ? [] : await furtherPages(page);
  for (const [name, address] of [...pages, ...further]) {
    if (values.only && !name.includes(values.only)) continue;
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(address);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await until(page, '!document.querySelector("[aria-busy=true]")');
        // Charts come in a separate chunk.
        await page.waitForTimeout(600);
        const file = `${name}-${screen}-${colorScheme}.png`;
        await page.screenshot({ path: path.join(OUT, file) });
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        const told = [...(wide > 0 ? [`${wide} px too wide`] : []), ...(await violations(page))];
        console.log([file, ...told].join('\n  '));
      }
    }
  }
  await browser.close();
} finally {
  platform.kill('SIGINT');
  await new Promise((resolve) => platform.on('close', resolve));
  if (!values.home) await rm(home, { recursive: true, force: true });
}

/** The overview, once the example has run to its end: longer than a link to sign in is good for. */
async function signedIn(browser: Browser): Promise<Page> {
  let page: Page | undefined;
  for await (const line of createInterface(platform.stdout)) {
    console.log(line);
    const link = /^Sign in: (\S+)/.exec(line)?.[1];
    if (link) {
      page = await browser.newPage({ baseURL: new URL(link).origin });
      await page.goto(link);
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
    }
    if (page && line.startsWith('Ctrl-C')) return page;
  }
  throw new Error('the platform did not start');
}

/** Every page, by the name of its picture. */
async function pagesOf(page: Page): Promise<Picture[]> {
  const data: Readonly<Record<string, { readonly nodes: readonly { readonly id: string }[] }>> = await asked(
    page,
    `{
      experiments(first: 1) { nodes { id } }
      runs(first: 1, filter: { allocation: { in: ["cie"] } }) { nodes { id } }
      samplingRuns(first: 1) { nodes { id } }
      models(first: 1) { nodes { id } }
      datasets(first: 1) { nodes { id } }
      devices(first: 1) { nodes { id } }
    }`,
  );
  const id = (what: string): string => {
    const [first] = data[what]?.nodes ?? [];
    if (!first) throw new Error(`there are no ${what} to show`);
    return first.id;
  };
  // The example measures none: a home may have one.
  const devices = data.devices?.nodes ?? [];
  const run = `/runs/${id('runs')}`;
  return [
    ['overview', '/'],
    ['experiments', '/experiments'],
    ['new-experiment', '/experiments/new'],
    ['experiment', `/experiments/${id('experiments')}`],
    ['runs', '/runs'],
    ['run', run],
    ...['matrix', 'structure', 'search', 'training', 'evaluation', 'events'].map(
      (tab): Picture => [`run-${tab}`, `${run}?tab=${tab}`],
    ),
    ['explore', `/explore/${id('samplingRuns')}`],
    ['models', '/models'],
    ['model', `/models/${id('models')}`],
    ['datasets', '/datasets'],
    ['dataset', `/datasets/${id('datasets')}`],
    ['compare', '/compare'],
    ['benchmarks', '/benchmarks'],
    ['compression', '/compression'],
    ['ratios', '/ratios'],
    ['devices', '/devices'],
    ...devices.map((device): Picture => ['device', `/devices/${device.id}`]),
    ['published', '/published'],
    ['workers', '/workers'],
    ['team', '/team'],
    ['trash', '/trash'],
    ['api', '/api'],
    ['glossary', '/glossary'],
    ['account', '/account'],
  ];
}
