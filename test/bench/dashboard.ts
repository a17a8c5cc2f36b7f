/**
 * `npm run bench:dashboard [-- --only PAGE] [-- --bytes] [-- --write]`: what a browser loads for each page and when it paints it, on
 * the database of `npm run bench:api` (10,000 runs). Prints Markdown; with --write it goes to docs/results/dashboard.md. With --bytes
 * nothing is timed: bytes do not depend on what else the machine does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { processorName } from '@espalier/latency';
import { openDatabase, startEmbeddedPostgres } from '@espalier/store';
import type { Browser } from 'playwright-core';
import { newSignInLink } from '../../apps/api/src/access/sign-in-link.ts';
import { launchBrowser } from '../browser/browser.ts';
import { filled, keyOf } from './api/database.ts';
import { BENCHMARK } from './api/fill.ts';
import { loaded, paintOf } from './dashboard/page-load.ts';
import { median } from './subject.ts';

const { values: options } = parseArgs({
  options: {
    home: { type: 'string', default: '/var/tmp/espalier-bench-api' },
    runs: { type: 'string', default: '10000' },
    points: { type: 'string', default: '1000000' },
    alternations: { type: 'string', default: '9' },
    only: { type: 'string', multiple: true },
    bytes: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
/** The least that this server answers: a line of JSON. */
const EMPTY = '/health';
const lines: string[] = [];

await mkdir(options.home, { recursive: true });
const postgres = await startEmbeddedPostgres(path.join(options.home, 'postgres'));
let server: ChildProcess | undefined;
try {
  const url = await filled(postgres.url, { runs: Number(options.runs), points: Number(options.points) });
  await keyOf(url);
  server = fork(fileURLToPath(new URL('api/server.ts', import.meta.url)), [url, options.home, 'dashboard'], {
    execArgv: ['--import', 'tsx'],
  });
  const [{ address }] = (await once(server, 'message')) as [{ address: string }];
  const database = await openDatabase(url);
  const { path: link } = await newSignInLink(database.prisma, 'bench@example.org');
  const pages = await pagesOf(database.prisma);
  await database.close();
  while ((await fetch(`${address}/icon.svg`)).status !== 200) await setTimeout(100);
  const browser = await launchBrowser();
  await measure(browser, address, link, pages);
  await browser.close();
} finally {
  if (server?.connected) server.disconnect();
  await postgres.stop();
}
if (options.write) {
  await writeFile(new URL('../../docs/results/dashboard.md', import.meta.url), lines.join('\n'));
}
process.exit(0);

type Pages = readonly (readonly [name: string, address: string])[];

async function pagesOf(prisma: Awaited<ReturnType<typeof openDatabase>>['prisma']): Promise<Pages> {
  const where = { project: { teamId: 'team_0' } };
  const experiment = await prisma.experiment.findFirstOrThrow({ where });
  const model = await prisma.model.findFirstOrThrow({ where });
  const run = await prisma.run.findFirstOrThrow({ where: { experimentId: experiment.id } });
  const sampling = await prisma.samplingRun.findFirstOrThrow();
  const dataset = await prisma.dataset.findFirstOrThrow({ where: { teamId: 'team_0' } });
  return [
    ['overview', '/'],
    ['experiments', '/experiments'],
    ['an experiment', `/experiments/${experiment.id}`],
    ['new experiment', '/experiments/new'],
    ['runs', '/runs'],
    ['runs, filtered and ordered', '/runs?allocations=cie&order=-top1'],
    ['a run', `/runs/${run.id}`],
    ['its matrix', `/runs/${run.id}?tab=matrix`],
    ['its structure', `/runs/${run.id}?tab=structure`],
    ['its training', `/runs/${run.id}?tab=training`],
    ['its search', `/runs/${run.id}?tab=search`],
    ['its evaluation', `/runs/${run.id}?tab=evaluation`],
    ['its events', `/runs/${run.id}?tab=events`],
    ['models', '/models'],
    ['a model', `/models/${model.id}`],
    ['data sets', '/datasets'],
    ['a data set', `/datasets/${dataset.id}`],
    ['devices', '/devices'],
    ['explore', '/explore'],
    ['a sampling in explore', `/explore/${sampling.id}`],
    ['compare, 5,000 runs', '/compare'],
    ['compression', '/compression'],
    ['ratios', '/ratios'],
    ['benchmarks', '/benchmarks'],
    ['a benchmark', `/benchmarks/${BENCHMARK}`],
    ['published results', '/published'],
    ['trash', '/trash'],
    ['API', '/api'],
    ['workers', '/workers'],
    ['team', '/team'],
    ['account', '/account'],
    ['glossary', '/glossary'],
    ['sign in', '/sign-in'],
  ];
}

async function measure(browser: Browser, address: string, link: string, pages: Pages): Promise<void> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  say('# What the dashboard costs a browser\n');
  say(
    `Command: \`npm run bench:dashboard -- --write\`. Machine: ${processorName()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0]?.toFixed(1)}; Node ${process.versions.node}, Chromium ${browser.version()}; database, API, dashboard and browser on it.\n`,
  );
  say(
    `A team with ${options.runs} runs. JavaScript is what the first load of a page transfers, compressed, with all that draws its charts. The largest contentful paint is the median of ${options.alternations} loads, in turns with an empty page (one line of JSON) of the same server.\n`,
  );
  say('| page | JavaScript | document | paint | above the empty page | longest task |');
  say('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const [name, where] of pages) {
    if (options.only?.every((only) => !name.includes(only))) continue;
    const size = await loaded(context, where);
    const [empty, own, tasks]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < (options.bytes ? 0 : Number(options.alternations)); i++) {
      empty.push((await paintOf(page, EMPTY)).paint);
      const { paint, longestTask } = await paintOf(page, where);
      own.push(paint);
      tasks.push(longestTask);
    }
    const times = [median(own), median(own) - median(empty), median(tasks)];
    const told = times.map((ms) => (options.bytes ? '–' : `${ms.toFixed(0)} ms`));
    say(`| ${[name, ...[size.script, size.document].map(kilobytes), ...told].join(' | ')} |`);
  }
  say('');
}

function kilobytes(bytes: number): string {
  return bytes === 0 ? '–' : `${(bytes / 1000).toFixed(0)} kB`;
}

function say(line: string): void {
  console.log(line);
  lines.push(line);
}
