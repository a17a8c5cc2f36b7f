/**
 * `npm run bench:external [-- --samplings 1000 --points 1000 --write]`: how fast points of samplings that were measured
 * elsewhere come in over HTTP, and what lists take beside the bare SQL of the same rows once they are there. Makes a
 * database of its own and removes it. `--samplings 5 --points 200 --requests 3` looks for faults quickly.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { encodeOnnx } from '@espalier/formats';
import { initialise, type Network } from '@espalier/network';
// By its file: how our own architectures are written down is nobody else's business.
import { ArchitectureBuilder } from '../../packages/network/src/architectures/builder.ts';
import { Random } from '../../packages/network/test/random.ts';
import type { Answer, Ask, Change, Client } from './api/client.ts';
import { machineOfPlatform, withPlatform } from './api/platform.ts';
import { median } from './subject.ts';

const { values: options } = parseArgs({
  options: {
    samplings: { type: 'string', default: '1000' },
    points: { type: 'string', default: '1000' },
    /** Requests at once: a script that syncs sends one after the other. */
    clients: { type: 'string', default: '2' },
    requests: { type: 'string', default: '30' },
    write: { type: 'boolean', default: false },
  },
});
const [samplings, points] = [Number(options.samplings), Number(options.points)];
const IMAGES = 1000;
/** Units of each group: with every unit removed once it has as many cells. */
const [GROUPS, WIDTH] = [16, 72];
if (points > GROUPS * (WIDTH - 1))
  throw new Error(`a sampling here has at most ${GROUPS * (WIDTH - 1)} points`);

await withPlatform(async ({ ask, change, upload, database }) => {
  const { cells, ...subject } = await subjectOf({ ask, change, upload });

  const inputs = Array.from({ length: samplings }, (_, i) => i);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: Number(options.clients) }, async () => {
      for (let i = inputs.shift(); i !== undefined; i = inputs.shift())
        await sendOne(change, subject, cells, i);
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const rows = await database.prisma.sentPoint.count();
  const lists = await timedLists(ask, database.pool);
  const text = [
    '# Imported results: how fast they come in\n',
    `Command: \`npm run bench:external -- --write\`. Machine: ${machineOfPlatform()}.\n`,
    `${rows.toLocaleString('en')} points with hits of ${IMAGES} images in ${samplings.toLocaleString('en')} samplings, sent over HTTP by ${options.clients} scripts, up to 1,000 a request, each sampling begun and finished: ${seconds.toFixed(0)} s, **${Math.round(rows / seconds).toLocaleString('en')} points a second**.\n`,
    `With all of it there, medians of ${options.requests} requests, in turns with bare SQL of the same rows:\n`,
    '| list | API (ms) | bare SQL (ms) |\n| ---- | -------: | ------------: |',
    ...lists.map(([name, api, sql]) => `| ${name} | ${api.toFixed(1)} | ${sql.toFixed(1)} |`),
    '',
  ].join('\n');
  console.log(text);
  if (options.write) await writeFile(new URL('../../docs/results/external.md', import.meta.url), text);
});
process.exit(0);

/** A chain of small convolutions: many groups, few bytes. */
function network(): Network {
  const b = new ArchitectureBuilder('chain', [3, 8, 8]);
  let x = 'input';
  for (let i = 0; i < GROUPS; i++) x = b.relu(b.conv(x, `conv${i}`, WIDTH, { kernel: 1 }), `relu${i}`);
  const random = new Random(1);
  return initialise(b.classifier(x, 10), () => random.next());
}

async function subjectOf({ ask, change, upload }: Client) {
  const { project } = await change('createProject', { name: 'bench' }, 'project { id }');
  const named = {
    projectId: project.id,
    name: 'chain',
    uploadId: await upload(encodeOnnx(network()), 'chain.onnx'),
  };
  const { model } = await change('registerModel', named, 'model { id }');
  const splits = [{ name: 'SEARCH', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await change('registerDatasetManifest', manifest, 'dataset { id }');
  const grid = Array.from({ length: WIDTH - 1 }, (_, i) => (i + 1) / WIDTH).join(',');
  const plan = await ask(
    'query ($model: ID!, $grid: String!) { samplingPlan(model: $model, grid: $grid) { groups { name cells { removed } } } }',
    { model: model.id, grid },
  );
  const cells = plan.samplingPlan.groups.flatMap((group: Answer) =>
    group.cells.map(({ removed }: Answer) => ({ group: group.name, removed })),
  );
  return { modelId: model.id, datasetId: dataset.id, grid, cells: cells.slice(0, points - 1) };
}

async function sendOne(change: Change, subject: object, cells: readonly object[], i: number): Promise<void> {
  const input = {
    ...{ key: `sampling ${i}`, ...subject, samples: IMAGES, source: { tool: 'bench' } },
    metric: { name: 'top1', direction: 'HIGHER' },
  };
  const { samplingRun } = await change('createSampling', input, 'samplingRun { id }');
  const hits = Buffer.alloc(Math.ceil(IMAGES / 8), 0x55).toString('base64');
  const told = [{ removed: 0 }, ...cells].map((cell) => ({
    ...cell,
    value: 0.5,
    loss: 1,
    images: IMAGES,
    hits,
  }));
  for (let at = 0; at < told.length; at += 1000) {
    const given = {
      key: `points ${i} ${at}`,
      samplingRunId: samplingRun.id,
      points: told.slice(at, at + 1000),
    };
    await change('putSamplePoints', given);
  }
  await change('finishSampling', { samplingRunId: samplingRun.id });
}

/** Of each list what the API takes, and the bare SQL, in milliseconds. */
async function timedLists(ask: Ask, pool: { query(text: string): Promise<unknown> }) {
  const LISTS: readonly (readonly [name: string, query: string, sql: string])[] = [
    [
      '100 samplings, the newest first',
      '{ samplingRuns(first: 100, filter: { origin: { in: [EXTERNAL] } }) { nodes { id state criterion baselineTop1 } totalCount } }',
      `SELECT "id", "state", "criterion", "baselineTop1", count(*) OVER () FROM "SamplingRun"
       WHERE "origin" = 'external' AND "teamId" = 'team_0' ORDER BY "createdAt" DESC, "id" DESC LIMIT 100`,
    ],
    [
      '100 points of one',
      '{ samplingRuns(first: 1) { nodes { points(first: 100) { nodes { group removed top1 } totalCount } } } }',
      `SELECT p.*, count(*) OVER () FROM "SamplePoint" p WHERE p."samplingRunId" =
       (SELECT "id" FROM "SamplingRun" ORDER BY "createdAt" DESC LIMIT 1) ORDER BY "groupIndex", "ratioIndex" LIMIT 100`,
    ],
  ];
  const found: [string, number, number][] = [];
  for (const [name, query, sql] of LISTS) {
    const times: [number[], number[]] = [[], []];
    for (let i = 0; i < Number(options.requests); i++) {
      for (const [at, work] of [() => ask(query), () => pool.query(sql)].entries()) {
        const started = performance.now();
        await work();
        times[at]?.push(performance.now() - started);
      }
    }
    found.push([name, median(times[0]), median(times[1])]);
  }
  return found;
}
