/**
 * `npm run bench:explore [-- --moves 100 --write]`: what a move of Explore's slider takes for ResNet-50 at 224 pixels,
 * over HTTP, all allocations side by side, while others ask whether the API lives. Makes a separate database and
 * removes it.
 */
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '@espalier/datasets';
import { encodeOnnx } from '@espalier/formats';
import { buildArchitecture } from '@espalier/network';
import { madeProfile } from '../../packages/latency/test/made-profile.ts';
import type { Answer, Ask, Client } from './api/client.ts';
import { machineOfPlatform, withPlatform } from './api/platform.ts';
import { median } from './subject.ts';

const { values: options } = parseArgs({
  options: { moves: { type: 'string', default: '100' }, write: { type: 'boolean', default: false } },
});
const IMAGES = 1000;
const GRID = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const HEALTH_MS = 20;
const LEAST = 5;

/** As the page asks. */
const EXPLORE = `query ($samplingRun: ID!, $target: TargetInput!, $profile: ID, $allocations: [String!]!) {
  allocate(samplingRun: $samplingRun, target: $target, profile: $profile, allocations: $allocations) {
    share largest base { params macs latencyMs }
    structures { allocation widths predictedDrop cost { params macs latencyMs } saved { params macs latency } onnx }
    refused { allocation reason }
  }
}`;

await withPlatform(async (platform) => {
  const { samplingRun, profile, groups, allocations } = await sampled(platform);
  const health = asked(`${platform.address}/health`);
  const rows: string[] = [];
  for (const [name, metric] of Object.entries({ MACs: 'MACS', params: 'PARAMS', milliseconds: 'LATENCY' })) {
    for (const [speed, names] of Object.entries(allocations)) {
      const shown = { samplingRun, profile: metric === 'LATENCY' ? profile : null, allocations: names };
      const [first, largest] = await move(platform.ask, { ...shown, target: { metric, share: 0.5 } });
      const moves = await moved(platform.ask, shown, metric, largest);
      const sorted = [...moves].sort((a, b) => a - b);
      const most = sorted[Math.floor(0.95 * sorted.length)] ?? 0;
      const cells = [name, speed, first.toFixed(0), median(moves).toFixed(1), most.toFixed(1)];
      rows.push(`| ${cells.join(' | ')} |`);
    }
  }
  const lives = await health.end();
  const text = [
    '# Explore: what a move of the slider takes\n',
    `Command: \`npm run bench:explore -- --write\`. Machine: ${machineOfPlatform()}.\n`,
    `ResNet-50 at 224 pixels with random weights, ${groups} groups, imported samplings at ${GRID.length} ratios each. A move asks for another target, one behind the other over HTTP, ${options.moves} targets for each metric in random order, each for the first time. The page asks for most allocations while the slider moves, and for those that search all groups together (${allocations['once it rests'].join(', ')}) once it rests. Milliseconds; the first answer reads the network and walks the paths that are kept.\n`,
    '| to save | asked for | first answer | a move, median | 95 % are below |\n| --- | --- | ---: | ---: | ---: |',
    ...rows,
    '',
    `Meanwhile \`/health\`, asked every ${HEALTH_MS} ms, answered in ${median(lives).toFixed(1)} ms in the middle and ${Math.max(...lives).toFixed(0)} ms at the longest, of ${lives.length.toLocaleString('en')} answers.\n`,
  ].join('\n');
  console.log(text);
  if (options.write) await writeFile(new URL('../../docs/results/explore.md', import.meta.url), text);
});
process.exit(0);

/** A sampling of ResNet-50 that was measured elsewhere, and a profile of it. */
async function sampled({ ask, change, upload }: Client) {
  const input = { channels: 3, height: 224, width: 224 };
  const network = buildArchitecture('resnet50', { classes: 1000, input, random: seededRandom(1) });
  const { project } = await change('createProject', { name: 'bench' }, 'project { id }');
  const uploadId = await upload(encodeOnnx(network), 'resnet50.onnx');
  const about = { projectId: project.id, name: 'ResNet-50', uploadId };
  const { model } = await change('registerModel', about, 'model { id }');
  const splits = [{ name: 'SEARCH', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await change('registerDatasetManifest', manifest, 'dataset { id }');
  const begun = {
    ...{ key: 'sweep', modelId: model.id, datasetId: dataset.id, samples: IMAGES, grid: GRID.join() },
    ...{ metric: { name: 'top1', direction: 'HIGHER' }, source: { tool: 'bench' } },
  };
  const { samplingRun } = await change('createSampling', begun, 'samplingRun { id }');
  const plan = await ask(
    'query ($model: ID!, $grid: String!) { samplingPlan(model: $model, grid: $grid) { groups { name cells { removed } } } }',
    { model: model.id, grid: GRID.join() },
  );
  const groups: Answer[] = plan.samplingPlan.groups;
  const random = seededRandom(2);
  const points = groups.flatMap(({ name, cells }) => {
    const steep = 0.05 + 0.4 * random();
    return cells.map(({ removed }: Answer, k: number) => {
      const ratio = GRID[k] ?? 0;
      return {
        group: name,
        removed,
        images: IMAGES,
        value: 0.76 - steep * ratio ** 2,
        loss: 1 + 3 * steep * ratio,
      };
    });
  });
  const base = { removed: 0, images: IMAGES, value: 0.76, loss: 1 };
  for (let at = 0; at <= points.length; at += 1000) {
    const some = [base, ...points].slice(at, at + 1000);
    await change('putSamplePoints', { key: `points ${at}`, samplingRunId: samplingRun.id, points: some });
  }
  await change('finishSampling', { samplingRunId: samplingRun.id });
  const device = await upload(Buffer.from(JSON.stringify(madeProfile(network))), 'device.json');
  const added = await change('registerDeviceProfile', { uploadId: device }, 'deviceProfile { id }');
  const { methods } = await ask('{ methods { allocations { name isSlow } } }');
  const named = (slow: boolean): string[] =>
    methods.allocations.flatMap(({ name, isSlow }: Answer) => (isSlow === slow ? [name] : []));
  return {
    ...{ samplingRun: samplingRun.id, profile: added.deviceProfile.id, groups: groups.length },
    allocations: { 'while it moves': named(false), 'once it rests': named(true) },
  };
}

/** How long the answer took, in milliseconds, and the share that can be saved at most. */
async function move(ask: Ask, variables: object): Promise<readonly [ms: number, largest: number]> {
  const started = performance.now();
  const { allocate } = await ask(EXPLORE, variables);
  if (allocate.structures.length === 0) throw new Error(JSON.stringify(allocate.refused));
  return [performance.now() - started, allocate.largest];
}

async function moved(ask: Ask, shown: object, metric: string, largest: number): Promise<number[]> {
  const random = seededRandom(3);
  const times: number[] = [];
  for (let i = 0; i < Number(options.moves); i++) {
    const percent = LEAST + random() * (100 * largest - LEAST - 1);
    const share = Math.round(percent * 100) / 10_000;
    times.push((await move(ask, { ...shown, target: { metric, share } }))[0]);
  }
  return times;
}

/** Asks again and again; how long each answer took, in milliseconds. */
function asked(address: string): { end(): Promise<number[]> } {
  const times: number[] = [];
  let goes = true;
  const asking = (async () => {
    while (goes) {
      const started = performance.now();
      await (await fetch(address)).arrayBuffer();
      times.push(performance.now() - started);
      await pause(HEALTH_MS);
    }
  })();
  // Where the API ends early, what ended it is told first.
  asking.catch(() => {});
  return {
    async end() {
      goes = false;
      await asking;
      return times;
    },
  };
}
