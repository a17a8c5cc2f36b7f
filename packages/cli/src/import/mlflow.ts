import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '@espalier/errors';
import { z } from 'zod';
import type { Problem } from './problems.ts';
import type { Row, Step } from './row.ts';
import type { Source } from './source.ts';

// MLflow's file store: mlruns/EXPERIMENT/RUN/ with meta.yaml and a folder each for params, metrics and tags; names
// with a slash are in folders.

const text = z.union([z.string(), z.number()]).transform(String);
const experimentSchema = z.object({
  experiment_id: text,
  name: text,
  lifecycle_stage: z.string().default('active'),
});
const runSchema = z.object({
  run_id: z.string(),
  run_name: text.nullish(),
  lifecycle_stage: z.string().default('active'),
  /** RUNNING, SCHEDULED, FINISHED, FAILED, KILLED: from 1, or in words. */
  status: z.union([z.int(), z.string()]),
  /** Milliseconds since 1970. */
  start_time: z.number().nullish(),
  end_time: z.number().nullish(),
  artifact_uri: z.string().nullish(),
});

const STATUS = ['', 'running', 'scheduled', 'finished', 'failed', 'killed'];

/** What is read where a mapping says nothing else. */
export const MLFLOW_USUAL = [
  ['run_name', 'name'],
  ['tags.mlflow.source.git.commit', 'commit'],
  ['end_time', 'finishedAt'],
  ['params.seed', 'seed'],
] as const;

/**
 * The runs of a file store, or of one of its experiments, that are over and were not deleted.
 *
 * @param network of each run, its path among the artifacts; undefined for none
 * @throws {InputError} for a folder that is none
 */
export async function mlflowSource(folder: string, network: string | undefined): Promise<Source> {
  const experiments = await experimentsIn(folder);
  const rows: Row[] = [];
  const problems: Problem[] = [];
  const left = new Map<string, number>();
  for (const { at, name, id, deleted } of experiments) {
    for (const run of await foldersIn(at)) {
      const meta = await readMeta(path.join(run, 'meta.yaml'), runSchema, problems);
      if (!meta) continue;
      const { lifecycle_stage: stage, status } = meta;
      const state = typeof status === 'number' ? (STATUS[status] ?? 'unknown') : status.toLowerCase();
      const why = deleted || stage === 'deleted' ? 'deleted' : state === 'finished' ? null : state;
      if (why === null) rows.push(await rowOf(run, meta, { name, id, network }, problems));
      else left.set(why, (left.get(why) ?? 0) + 1);
    }
  }
  const skipped = [...left].map(([why, count]) => `${count} ${why} ${count === 1 ? 'run' : 'runs'}`);
  return { kind: 'mlflow', name: path.basename(path.resolve(folder)), rows, problems, skipped };
}

interface Experiment {
  readonly at: string;
  readonly name: string;
  readonly id: string;
  readonly deleted: boolean;
}

async function experimentsIn(folder: string): Promise<Experiment[]> {
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new InputError(`there is no folder ${folder}`);
  for (const at of [[folder], await foldersIn(folder), await foldersIn(path.join(folder, 'mlruns'))]) {
    const found = (await Promise.all(at.map(experimentAt))).flatMap((one) => one ?? []);
    if (found.length > 0) return found;
  }
  throw new InputError(
    `${folder} is not an MLflow file store: give the folder mlruns, or one of an experiment in it; export a server or a database with mlflow-export-import`,
  );
}

async function experimentAt(at: string): Promise<Experiment | null> {
  const meta = await readMeta(path.join(at, 'meta.yaml'), experimentSchema, null);
  if (!meta) return null;
  return { at, name: meta.name, id: meta.experiment_id, deleted: meta.lifecycle_stage === 'deleted' };
}

/** Without those that the store keeps for itself. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((one) => one.isDirectory() && !one.name.startsWith('.'))
    .map(({ name }) => name);
  return names.sort().map((name) => path.join(folder, name));
}

/** Null if there is none; with `problems` null also where it is another one, which is told there. */
async function readMeta<T>(
  file: string,
  schema: z.ZodType<T>,
  problems: Problem[] | null,
): Promise<T | null> {
  const written = await readFile(file, 'utf8').catch(() => null);
  if (written === null) return null;
  const { parseDocument } = await import('yaml');
  const document = parseDocument(written);
  const parsed = schema.safeParse(document.errors.length > 0 ? null : document.toJS());
  if (parsed.success) return parsed.data;
  problems?.push({ where: file, column: null, text: "expected MLflow's files of a run" });
  return null;
}

async function rowOf(
  run: string,
  meta: z.infer<typeof runSchema>,
  { name, id, network }: { readonly name: string; readonly id: string; readonly network: string | undefined },
  problems: Problem[],
): Promise<Row> {
  const where = `run ${meta.run_id}`;
  const [params, tags, metrics] = await Promise.all(
    ['params', 'tags', 'metrics'].map((kind) => filesIn(path.join(run, kind))),
  );
  const series = new Map<string, readonly Step[]>();
  const cells = new Map<string, string>();
  for (const [metric, lines] of metrics ?? []) {
    const steps = stepsOf(lines);
    if (steps === null) {
      problems.push({
        where,
        column: `metrics.${metric}`,
        text: 'expected lines with a time, a value and a step',
      });
      continue;
    }
    series.set(`metrics.${metric}`, steps);
    cells.set(`metrics.${metric}`, String(steps.at(-1)?.value ?? ''));
  }
  for (const [param, value] of params ?? []) cells.set(`params.${param}`, value);
  for (const [tag, value] of tags ?? []) cells.set(`tags.${tag}`, value);
  const iso = (ms: number | null | undefined) => (ms ? new Date(ms).toISOString() : '');
  cells.set('run_id', meta.run_id);
  cells.set('run_name', meta.run_name || cells.get('tags.mlflow.runName') || '');
  cells.set('experiment_name', name);
  cells.set('start_time', iso(meta.start_time));
  cells.set('end_time', iso(meta.end_time));
  return {
    ...{ where, cells, series, group: name, key: `mlflow ${id} ${meta.run_id}` },
    network: network === undefined ? null : await artifactOf(run, meta.artifact_uri ?? null, network),
  };
}

/** What is in each file of a folder and those below it, by their paths. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    const called = path.relative(folder, file).split(path.sep).join('/');
    return [called, (await readFile(file, 'utf8')).trim()] as const;
  });
  return new Map(await Promise.all(read));
}

/** Lines of "time value step", the last of a step counts; by steps. Null for another form. */
function stepsOf(lines: string): Step[] | null {
  const steps = new Map<number, number>();
  for (const line of lines.split('\n').filter((each) => each.trim() !== '')) {
    const [, value = Number.NaN, step = 0] = line.trim().split(/\s+/).map(Number);
    if (Number.isNaN(value) && !/\bnan\b/i.test(line)) return null;
    if (!Number.isInteger(step)) return null;
    steps.set(step, value);
  }
  return [...steps].map(([step, value]) => ({ step, value })).sort((a, b) => a.step - b.step);
}

/** Beside the run, or where it says that they are; null if there is no such file. */
async function artifactOf(run: string, uri: string | null, network: string): Promise<string | null> {
  const beside = path.join(run, 'artifacts');
  const elsewhere = uri?.startsWith('file:///') ? fileURLToPath(uri) : uri;
  for (const folder of [beside, ...(elsewhere?.startsWith('/') ? [elsewhere] : [])]) {
    const file = path.resolve(folder, network);
    if ((await stat(file).catch(() => null))?.isFile()) return file;
  }
  return null;
}
