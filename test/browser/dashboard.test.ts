import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { commandIn } from '../../apps/api/test/command.ts';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { contrasts, pastThePhone, violations } from './accessibility.ts';
import { launchBrowser } from './browser.ts';
import { clickUntil } from './click.ts';
import { smallThings } from './small-things.ts';

// The whole product as a person meets it: a real browser, the dashboard behind the API, a real worker.

/** Busy machines take their time. */
const PATIENCE_MS = 240_000;
const WHOLE_WAY_MS = 600_000;

async function open(): Promise<Page> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    colorScheme: 'light',
    // Colours follow at once then, and what moves costs no processor.
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 900 },
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

it('leads from a sign-in link to a pruned network, and shows another team nothing of it', {
  timeout: WHOLE_WAY_MS,
}, async () => {
  const platform = await startPlatform({ worker: true, dashboard: true });
  const { address } = platform;
  const editor = await platform.member('editor');
  await platform.prisma.project.create({ data: { id: 'proj_b', teamId: editor.teamId, name: 'Vision' } });
  const { folder, file, pictures } = await smallThings();
  const pushed = await commandIn(folder, { ESPALIER_ADDRESS: address, ESPALIER_KEY: editor.key })(
    ...['push', '--dataset', pictures, '--name', 'Noise'],
  );
  expect(pushed.code, pushed.stderr).toBe(0);
  const page = await open();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));

  await waitForDashboard(address);
  await page.goto(`${address}/experiments`);
  await page.getByRole('heading', { name: 'Sign in to Espalier' }).waitFor();
  await page.goto(`${address}${await platform.signInLink(editor.userId)}`);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();

  // A network comes in by its file.
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByLabel('Drop a network here').setInputFiles(file);
  await page.getByRole('heading', { name: 'tiny' }).waitFor();
  await page.getByText('at most removable').waitFor();
  const modelUrl = page.url();

  // An experiment with one run that uses samples.
  await page.getByRole('link', { name: 'New experiment' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Half of it');
  const sampled = page.getByLabel('Images per measurement');
  expect([await sampled.inputValue(), await sampled.getAttribute('placeholder')]).toEqual(['', '20']);
  await sampled.fill('20');
  await page.getByLabel('Cut sizes to test').fill('0.5,0.75');
  await page.getByLabel('uniform with l1').uncheck();
  await page.getByLabel('uniform with random').uncheck();
  await page.getByLabel('Remove (%)').fill('99.9');
  await page.getByText('is out of reach').waitFor();
  await page.getByLabel('Remove (%)').fill('30');
  await page.getByLabel('Epochs').fill('2');
  await page.getByRole('button', { name: 'Start 1 run' }).click();
  await page.getByRole('heading', { name: 'Half of it' }).waitFor();
  const experiment = page.url();

  // It is followed to its end without a reload.
  await page.getByRole('link', { name: /cie · l1/ }).click();
  await page.getByRole('link', { name: 'Download ONNX' }).waitFor();
  const run = page.url();
  await page.getByRole('link', { name: 'Which layers matter' }).click();
  const cell = page.getByRole('button', { name: /75 % removed/ }).first();
  await cell.focus();
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate<string>('document.activeElement.ariaLabel')).toMatch(/50 % removed/);
  await page.getByRole('link', { name: 'Structure' }).click();
  await page.getByRole('columnheader', { name: 'Removed' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download ONNX' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^tiny-cie-l1-macs-0\.3-seed-0-\w{8}\.onnx$/);

  // What people wrote on it.
  await page.getByRole('link', { name: 'Overview' }).last().click();
  await page.getByRole('button', { name: 'Add tags or notes' }).click();
  await page.getByLabel('Tags').fill('paper, best');
  await page.getByLabel('Notes').fill('The one to ship');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The one to ship').waitFor();

  // Another run in the same experiment, and both side by side, by keyboard.
  await page.goto(experiment);
  await page.getByRole('button', { name: 'Add runs' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('cie with l1').uncheck();
  await form.getByLabel('global with l1').check();
  await form.getByLabel('Remove (%)').fill('30');
  await form.getByRole('button', { name: 'Start 1 run' }).click();
  await page.getByText('done', { exact: true }).nth(1).waitFor();
  // A rectangle over nothing, then over everything.
  const chart = page.getByRole('img', { name: /^Top-1 over MACs/ });
  await chart.locator('svg').waitFor();
  const area = await chart.boundingBox();
  if (!area) throw new Error('the chart is nowhere');
  const drag = async (from: number, to: number) => {
    await page.mouse.move(area.x + from * area.width, area.y + 0.15 * area.height);
    await page.mouse.down();
    await page.mouse.move(area.x + to * area.width, area.y + 0.85 * area.height, { steps: 5 });
    await page.mouse.up();
  };
  await drag(0.45, 0.5);
  await page.getByText('0 of 2 runs lie in the rectangle').waitFor();
  expect(await page.locator('tr[data-row]:visible').count()).toBe(0);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText('Drag a rectangle').waitFor();
  expect(await page.locator('tr[data-row]:visible').count()).toBe(2);
  await page.getByLabel('Over what').selectOption({ label: 'top-1 over the MACs to remove, by strategy' });
  await page.getByRole('img', { name: /^Mean top-1 of 2 strategies/ }).waitFor();
  for (const key of ['j', 'x', 'j', 'x', 'c']) await page.keyboard.press(key);
  await page.getByRole('heading', { name: 'Compare' }).waitFor();
  await page.getByText('Same experiment, model, data set and target.').waitFor();
  await page.getByText('These runs may be compared').waitFor();
  await page.getByRole('rowheader', { name: 'Allocation' }).waitFor();
  expect(await page.getByRole('rowheader', { name: 'Criterion' }).count()).toBe(0);
  await page.getByLabel('Also what is equal').check();
  await page.getByRole('rowheader', { name: 'Criterion' }).waitFor();
  await page.getByRole('columnheader', { name: 'Channels kept, a bar each run' }).waitFor();
  await page.getByRole('region', { name: /^The chosen runs against the baseline/ }).waitFor();
  // Two strategies, and the better one within a budget; worked out once seen.
  const ranks = page.getByRole('region', { name: /^Ranks of strategies/ });
  await toTheEnd(page);
  await ranks.waitFor();
  // So small a network misses its target by more than two points: nobody wins by removing less.
  await page.getByRole('row', { name: /^cie · l1 .*1 not compared/ }).waitFor();
  await page.getByText(/^Not compared: savings differ by up to \d+\.\d points/).waitFor();
  await page.getByLabel('Highest accuracy within').fill('1000');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.waitForURL(/budget=macs&most=1000/);
  await page.getByText('Within 1.00 G MACs:').waitFor();
  const comparison = page.url();
  expect(comparison).toMatch(/all=1/);

  // What others published is beside the runs, each against its own base; the address says so.
  await page.goto(`${address}/published?architecture=ResNet-56`);
  await page.getByRole('link', { name: 'NeurIPS 2021' }).first().waitFor();
  await page.getByRole('button', { name: 'Add a result' }).click();
  const published = page.getByRole('dialog');
  const fields = {
    Method: 'Theirs',
    Architecture: 'Tiny',
    'Data set': 'Noise',
    'Title of the publication': 'T',
  };
  for (const [label, text] of Object.entries({
    ...fields,
    ...{ 'Base top-1, in %': '90', 'Top-1, in %': '88.5', 'MACs removed, in %': '55' },
  })) {
    await published.getByLabel(label, { exact: true }).fill(text);
  }
  await published.getByRole('button', { name: 'Add the result' }).click();
  await published.getByText('give a reference').first().waitFor();
  await published.getByLabel('Venue').fill('A workshop');
  await published.getByRole('button', { name: 'Add the result' }).click();
  await published.waitFor({ state: 'hidden' });
  await page.goto(experiment);
  await chart.locator('svg').waitFor();
  await page.getByRole('checkbox', { name: 'Published results' }).check();
  await page.waitForURL(/published=1/);
  await page
    .getByRole('img', { name: /^Change of top-1 over MACs removed of 2 runs.* 1 published/ })
    .waitFor();
  await page.getByText('Not to be ranked').waitFor();
  await page.getByText('View as table').click();
  await page.getByRole('row', { name: /Theirs .* −1\.50 pt −55\.0 %/ }).waitFor();

  // What was got for the model, and by which run.
  await page.goto(`${address}/compression`);
  await page.getByLabel('Allowed drops, in points').fill('100');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(/budgets=100/);
  await page.getByLabel('What became less').selectOption({ label: 'Throughput' });
  await page.waitForURL(/metric=throughput/);
  const compression = page.url();
  const [ratios] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export JSON' }).click(),
  ]);
  const { rows } = JSON.parse(await readFile(await ratios.path(), 'utf8'));
  expect(rows).toMatchObject([
    { model: { name: 'tiny' }, networks: 2, best: [{ ratio: { bytes: expect.any(Number) } }] },
  ]);
  await page
    .getByRole('link', { name: /[\d.]+× / })
    .first()
    .click();
  await page.getByRole('link', { name: 'Download ONNX' }).waitFor();

  // The same strategies under equal conditions, as tables.
  await page.goto(`${address}/benchmarks`);
  await page.getByLabel('Name of the benchmark').fill('Two of them');
  await page.getByLabel('Sections').fill('[{"title": "As cut"');
  await page.getByRole('button', { name: 'Start benchmark' }).click();
  await page.getByText(/This is no JSON/).waitFor();
  const sections = [
    { title: 'As cut', strategies: ['uniform:l1', 'uniform:random'], targets: ['macs=0.3'], samples: 10 },
  ];
  await page.getByLabel('Sections').fill(JSON.stringify(sections));
  await page.getByRole('button', { name: 'Start benchmark' }).click();
  await page.getByRole('heading', { name: 'Two of them' }).waitFor();
  await page.getByText('2 finished').waitFor({ timeout: PATIENCE_MS });
  await page
    .getByRole('row', { name: /^uniform:random [\d.]+ %/ })
    .first()
    .waitFor();
  const benchmark = page.url();

  // A view of the list of runs, kept for the team.
  await page.goto(`${address}/runs`);
  await page.getByRole('button', { name: 'Allocation' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'cie', exact: true }).click();
  await page.waitForURL(/allocations=cie/);
  await page.keyboard.press('Escape');
  await page.getByText('1 run', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Save this view…' }).click();
  await page.getByLabel('Name of the view').fill('By samples');
  await page.getByLabel('For the whole team').check();
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByLabel('Name of the view').waitFor({ state: 'hidden' });
  await page.goto(`${address}/runs`);
  const views = page.getByRole('button', { name: 'Views' });
  await clickUntil(views, page.getByRole('menu'));
  await page.getByRole('menuitem', { name: 'By samples' }).click();
  await page.waitForURL(/allocations=cie/);
  await page.getByRole('button', { name: 'Export' }).click();
  const [table] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV, for a spreadsheet' }).click(),
  ]);
  expect((await readFile(await table.path(), 'utf8')).trim().split('\n')).toHaveLength(2);

  // The structure that a run found, changed by hand.
  await page.goto(run);
  await page.getByRole('button', { name: 'Clone' }).click();
  const like = page.getByRole('dialog');
  await like.getByLabel('Allocation').selectOption('custom amounts');
  expect(await like.getByLabel('Custom amounts per layer').inputValue()).toMatch(/^\S+=0\.\d+/);
  await like.getByLabel('Custom amounts per layer').fill('nothing*=0.5');
  await like.getByRole('button', { name: 'Start 1 run' }).click();
  // Refused before anything runs: the dialog stays, and says so at the field.
  await like.getByText('"nothing*" matches no prunable group').waitFor();
  expect(await like.getByLabel('Custom amounts per layer').getAttribute('aria-invalid')).toBe('true');
  await like.getByLabel('Custom amounts per layer').fill('*=0.5');
  await like.getByRole('button', { name: 'Start 1 run' }).click();
  await page.getByRole('heading', { name: 'manual(*=0.5) · l1' }).waitFor();
  await page.getByRole('link', { name: 'Download ONNX' }).waitFor();

  // Another strategy is in the ranking of its experiment as soon as its run is over.
  await page.goto(experiment);
  await toTheEnd(page);
  await ranks.waitFor();
  await page.getByRole('button', { name: 'Add runs' }).click();
  await form.getByLabel('cie with l1').uncheck();
  await form.getByLabel('Custom amounts per layer').fill('*=0.2');
  await form.getByLabel('Remove (%)').fill('30');
  await form.getByRole('button', { name: 'Start 1 run' }).click();
  await ranks.getByText('manual(*=0.2) · l1').waitFor();

  // Limits and rounds that the form asks for are those of the runs; a refusal stands at its field.
  await page.goto(`${address}/experiments/new`);
  await page.getByLabel('Name', { exact: true }).fill('In fours');
  await page.getByLabel('Images per measurement').fill('20');
  await page.getByLabel('Cut sizes to test').fill('0.5,0.75');
  await page.getByLabel('uniform with random').uncheck();
  await page.getByLabel('Remove (%)').fill('30');
  await page.getByText('Rounds: as each strategy has them').click();
  await page.getByLabel('Rounds', { exact: true }).fill('2');
  await page.getByLabel('Epochs').fill('0');
  const align = page.getByLabel('Widths in multiples of');
  await align.fill('1000');
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect.poll(() => align.getAttribute('aria-invalid'), { timeout: PATIENCE_MS }).toBe('true');
  await align.fill('4');
  await page.getByText('widths in multiples of 4', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await page.getByRole('heading', { name: 'In fours' }).waitFor();
  await page.getByText('widths in multiples of 4').waitFor();
  const limits = { align: 4, minWidth: 1, maxRatio: 0.9, keep: [] };
  const inFours = { experiment: { name: 'In fours' } };
  const started = await platform.prisma.run.findMany({ where: inFours, orderBy: { allocation: 'asc' } });
  expect(started).toMatchObject([
    { allocation: 'cie', limits, rounds: 2 },
    { allocation: 'uniform', limits, rounds: null },
  ]);
  await page.getByRole('link', { name: /cie · l1/ }).click();
  await page.getByRole('link', { name: 'Download ONNX' }).waitFor();
  await page.getByText('widths in multiples of 4').waitFor();

  // From anywhere to anything.
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.getByRole('combobox').fill('half');
  await page.getByRole('option', { name: /Half of it/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Data sets' }).click();
  await page.getByRole('link', { name: 'Noise' }).click();
  await page.getByRole('img', { name: /images of class-0/ }).waitFor();
  const dataset = page.url();

  const barriers: string[] = [];
  const pages = [
    'experiments',
    'experiments/new',
    'runs',
    'models',
    'datasets',
    'workers',
    'compare',
    'compression',
    'ratios',
    'published',
    'benchmarks',
    'trash',
    'api',
    'team',
    'account',
    'glossary',
  ];
  const paths = ['/', ...pages.map((name) => `/${name}`)];
  const tabs = ['matrix', 'structure', 'training', 'search', 'evaluation', 'events'];
  const others = [
    modelUrl,
    experiment,
    comparison,
    `${experiment}?published=1`,
    compression,
    benchmark,
    dataset,
    run,
    ...tabs.map((tab) => `${run}?tab=${tab}`),
  ];
  for (const url of [...paths.map((path) => `${address}${path}`), ...others]) {
    await page.goto(url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await toTheEnd(page);
    if (url === comparison) await ranks.waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    barriers.push(...(await contrasts(page)).map((what) => `${url} (dark): ${what}`));
    await page.emulateMedia({ colorScheme: 'light' });
    barriers.push(...(await violations(page)).map((what) => `${url}: ${what}`));
    const past = await pastThePhone(page);
    if (past > 0) barriers.push(`${url}: ${past} px wider than a phone`);
  }
  expect(barriers).toEqual([]);
  expect(problems).toEqual([]);

  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Espalier' }).waitFor();
  expect(await violations(page)).toEqual([]);

  const stranger = await platform.member('admin');
  await page.goto(`${address}${await platform.signInLink(stranger.userId)}`);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  for (const url of [run, modelUrl, experiment, dataset, benchmark]) {
    expect((await page.goto(url))?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
  }
  await page.goto(`${address}/runs`);
  await page.getByText('No run yet').waitFor();
});

/** What stands below is asked for when it comes near. */
async function toTheEnd(page: Page): Promise<void> {
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
}

async function waitForDashboard(address: string): Promise<void> {
  await expect
    .poll(() => fetch(`${address}/icon.svg`).then(({ status }) => status), { timeout: PATIENCE_MS })
    .toBe(200);
}
