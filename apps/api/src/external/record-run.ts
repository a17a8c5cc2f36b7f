import { createHash } from 'node:crypto';
import { TOP1 } from '@espalier/engines';
import type { KeptUnits } from '@espalier/network';
import { USUAL_LIMITS } from '@espalier/pipeline';
import { type Author, beginRecorded, plain, type StoredColumns, written } from '@espalier/runs';
import { type Dataset, type Experiment, newId, type Run, type Transaction } from '@espalier/store';
import { authorOf } from '../access/author.ts';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import type { NarrowModel } from '../graphql/loaders.ts';
import { findNode } from '../nodes/nodes.ts';
import { checkedName } from '../validation.ts';
import { checkedImport, goneOf, takeKey } from './client-key.ts';
import { checkedJudging, type QualityMetricInput } from './judged.ts';
import { inTransaction } from './rehearsal.ts';
import { checkedSource, type ResultSourceInput } from './source-types.ts';

export interface NewRun {
  readonly key: string;
  readonly modelId: string;
  readonly datasetId: string;
  /** Its name: runs of one have the network, the data and the training in common. */
  readonly experiment: string;
  readonly allocation: string;
  readonly criterion: string;
  readonly metric: string;
  readonly share: number;
  readonly seed: number;
  /** By what it is judged; null for top-1. */
  readonly qualityMetric: QualityMetricInput | null;
  /** In words, the same for the same training; null for none. */
  readonly training: string | null;
  /** Groups that are not named stay whole; null if it is not known. */
  readonly structure: readonly KeptUnits[] | null;
  readonly source: ResultSourceInput;
  /** Null for none. */
  readonly importId: string | null;
  /** Whether it is only checked. */
  readonly dryRun: boolean;
}

export interface RecordedRun {
  /** Null if a dry run would make it. */
  readonly run: Run | null;
  /** Made by this call, or to be made. */
  readonly isNew: boolean;
}

const LONGEST = 100;
const LONGEST_TRAINING = 500;

/** Begins an imported run, in an experiment of such runs. */
export async function recordRun(context: Context, input: NewRun): Promise<RecordedRun> {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const { key, metric, share, seed } = input;
  const source = checkedSource(input.source);
  const [allocation, criterion] = (['allocation', 'criterion'] as const).map((field) => {
    const text = input[field].trim();
    if (text === '' || text.length > LONGEST) throw new FieldError(`name the ${field}`, field);
    return text;
  }) as [string, string];
  if (metric !== 'macs' && metric !== 'params') throw new FieldError('give macs or params', 'metric');
  if (!(share > 0 && share < 1)) throw new FieldError('the share to remove is between 0 and 1', 'share');
  const judged = input.qualityMetric ? checkedJudging(input.qualityMetric, 'qualityMetric') : TOP1;
  // Null, as it always was: a key that was used for the same content finds it.
  const qualityMetric = judged.name === TOP1.name ? null : judged.name;
  const training = input.training?.trim() || null;
  if (training !== null && training.length > LONGEST_TRAINING) {
    throw new FieldError(`at most ${LONGEST_TRAINING} characters are kept`, 'training');
  }
  const [model, dataset] = await Promise.all([
    findNode('model', context, input.modelId),
    findNode('data', context, input.datasetId),
  ]);
  if (!model) throw new NotFound('there is no such model', 'modelId');
  if (!dataset) throw new NotFound('there is no such data set', 'datasetId');
  const name = checkedName(input.experiment, 'experiment');
  const structure = input.structure && checkedStructure(await groupsOf(context, model.id), input.structure);
  const importId = checkedImport(input.importId);
  const recorded = await inTransaction(context.database.prisma, input.dryRun, async (transaction) => {
    const content = {
      ...{ modelId: model.id, datasetId: dataset.id, experiment: name, allocation, criterion, metric, share },
      ...{ seed, training, source: { ...source } },
      ...(qualityMetric === null ? {} : { qualityMetric }),
      structure: structure && createHash('sha256').update(JSON.stringify(structure)).digest('hex'),
    };
    const { subjectId: id, isNew } = await takeKey(
      transaction,
      { teamId, key, write: 'recordRun', content, importId },
      newId('run'),
    );
    if (!isNew) {
      const made = await transaction.run.findUnique({ where: { id } });
      if (!made) throw goneOf(key);
      return { run: made, isNew };
    }
    const author = authorOf(editor);
    const conditions = { model, dataset, name, training, qualityMetric, author };
    const experiment = await experimentOf(transaction, conditions);
    const run = await beginRecorded(transaction, {
      ...{ id, teamId, experimentId: experiment.id, allocation, criterion, metric, share, seed },
      ...author,
      // What its widths were limited to is not known here.
      limits: plain(USUAL_LIMITS),
      ...written('Run', {
        ...{ recovery: null, structure },
        source: importId === null ? source : { ...source, import: importId },
      }),
    });
    await audit(transaction, editor, 'run.record', id, plain({ allocation, criterion, share, source }));
    return { run, isNew };
  });
  return input.dryRun && recorded.isNew ? { run: null, isNew: true } : recorded;
}

interface Conditions {
  readonly model: NarrowModel;
  readonly dataset: Dataset;
  readonly name: string;
  readonly training: string | null;
  /** Null for top-1. */
  readonly qualityMetric: string | null;
  /** Who makes it, if it is not there yet. */
  readonly author: Author;
}

/** The one of this name in the model's project, made with its first run. */
async function experimentOf(
  transaction: Transaction,
  { model, dataset, name, training, qualityMetric, author }: Conditions,
): Promise<Experiment> {
  const { teamId, projectId } = model;
  const find = () =>
    transaction.experiment.findFirst({
      where: { teamId, projectId, name, origin: 'external', deletedAt: null },
      orderBy: { createdAt: 'asc' },
    });
  let found = await find();
  if (!found) {
    // Of two first runs the second one finds it. Later ones do not wait for each other.
    const lock = `external experiment ${projectId} ${name}`;
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`;
    found = await find();
  }
  if (found) {
    const other = {
      network: found.modelId !== model.id,
      'data set': found.datasetId !== dataset.id,
      training: found.training !== training,
      metric: found.qualityMetric !== qualityMetric,
    };
    const [what] = Object.entries(other).find(([, differs]) => differs) ?? [];
    if (what === undefined) return found;
    throw new Conflict(`"${name}" has runs of another ${what}: take another name for these`, 'experiment');
  }
  const recipeHash = training === null ? null : createHash('sha256').update(training).digest('hex');
  return transaction.experiment.create({
    data: {
      ...{ id: newId('exp'), teamId, projectId, modelId: model.id, datasetId: dataset.id, name },
      ...author,
      // Nothing is sampled for it here.
      ...{ origin: 'external', qualityMetric, training, recipeHash, samples: 0, grid: [], seed: 0 },
    },
  });
}

async function groupsOf({ loaders }: Context, modelId: string): Promise<Groups> {
  return (await loaders.summary.load(modelId))?.groups ?? [];
}

type Groups = NonNullable<StoredColumns['Model']['summary']['groups']>;

/** @throws {FieldError} for a group that cannot be pruned, and for units that it does not have */
function checkedStructure(groups: Groups, given: readonly KeptUnits[]): KeptUnits[] {
  const named = new Set<string>();
  return given.map(({ group: name, kept }, at) => {
    const group = groups.find(({ id }) => id === name);
    if (!group || group.reason) {
      const why = group?.reason ? `: ${group.reason}` : '';
      throw new FieldError(`there is no prunable group "${name}"${why}`, `structure.${at}.group`);
    }
    if (named.has(name)) throw new FieldError(`"${name}" is there twice`, `structure.${at}.group`);
    named.add(name);
    const units = [...new Set(kept)].sort((a, b) => a - b);
    const fits = units.length === kept.length && units.every((unit) => unit >= 0 && unit < group.width);
    if (fits && units.length > 0) return { group: name, kept: units };
    throw new FieldError(
      `name some of the units 0 to ${group.width - 1} of "${name}", each once`,
      `structure.${at}.kept`,
    );
  });
}
