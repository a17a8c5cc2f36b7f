import { readBy } from '@espalier/errors';
import { fileTypeOf, metadataSchema, type ReadAs } from '@espalier/formats';
import type { NetworkMetadata, Preprocessing } from '@espalier/network';
import { readAsOf, stored } from '@espalier/runs';
import { type Model, newId, type Transaction } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, isTaken, NotFound, Taken } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { checkedName } from '../validation.ts';
import { describeModel } from './describe.ts';

export interface PreprocessingChange {
  readonly modelId: string;
  /** As `registerModel` takes it; null: nothing says how pixels become its input. */
  readonly preprocessing: unknown;
  /** Of a new model of the same file, which gets the preprocessing; null: the model itself gets it. */
  readonly newName: string | null;
}

/** What a preprocessing given from outside is. */
export function checkedPreprocessing(given: unknown): NetworkMetadata | null {
  return given == null ? null : readBy(metadataSchema, given, '', 'preprocessing');
}

/**
 * Gives a model another preprocessing, or makes a new model with it. The file is read again: sizes that it leaves open
 * follow the preprocessing.
 *
 * @throws {Conflict} where results use the preprocessing that the model has
 */
export async function setPreprocessing(context: Context, change: PreprocessingChange): Promise<Model> {
  const editor = requireRole(context.viewer, 'editor');
  const { modelId } = change;
  const beside = checkedPreprocessing(change.preprocessing);
  const newName = change.newName === null ? null : checkedName(change.newName, 'newName');
  const found = await findNode('model', context, modelId);
  if (!found) throw new NotFound('there is no such model', 'modelId');
  const { prisma } = context.database;
  const model = await prisma.model.findUniqueOrThrow({ where: { id: modelId } });
  const readAs = sizedAs(readAsOf(model), inputNameOf(model), beside?.input ?? null);
  const { teamId, sha256, name } = model;
  const { mediaType } = await prisma.artifact.findUniqueOrThrow({ where: { sha256 } });
  const fileName = `${name}${fileTypeOf(mediaType).extension}`;
  const { columns: described } = await atPreprocessing(() =>
    describeModel(context, { teamId, sha256, fileName, beside, readAs }),
  );
  const changing = prisma.$transaction(async (transaction) => {
    if (newName === null) {
      await lockUnused(transaction, modelId);
      await audit(transaction, editor, 'model.preprocessing', modelId, { preprocessing: beside !== null });
      return transaction.model.update({ where: { id: modelId }, data: described });
    }
    const id = newId('model');
    const { projectId, notes, tags } = model;
    const made = await transaction.model.create({
      data: { id, teamId, projectId, name: newName, sha256, notes, tags, ...described },
    });
    await audit(transaction, editor, 'model.register', id, { name: newName, sha256, of: modelId });
    return made;
  });
  return changing.catch((error) => {
    if (isTaken(error))
      throw new Taken('this name is taken: choose another one, or rename what has it', 'newName');
    throw error;
  });
}

/**
 * Nothing that is computed with a preprocessing is changed by another one: it would no longer be what it says.
 *
 * @throws {Conflict} where there is such a thing; none is added until the transaction ends
 */
async function lockUnused(transaction: Transaction, modelId: string): Promise<void> {
  // First the lock: the second statement sees what those that it waited for have written.
  const locked = await transaction.$queryRaw<unknown[]>`
    SELECT 1 FROM "Model" WHERE "id" = ${modelId} AND "deletedAt" IS NULL FOR UPDATE`;
  if (locked.length === 0) throw new NotFound('there is no such model', 'modelId');
  const [model] = await transaction.$queryRaw<{ used: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM "Experiment" WHERE "modelId" = m."id")
      OR EXISTS (SELECT 1 FROM "SamplingRun" WHERE "modelId" = m."id")
      OR EXISTS (SELECT 1 FROM "BaseEvaluation" WHERE "modelId" = m."id")
      OR EXISTS (SELECT 1 FROM "BaseValue" WHERE "modelId" = m."id")
      OR EXISTS (SELECT 1 FROM "Profiling" WHERE "modelId" = m."id") AS "used"
    FROM "Model" m WHERE m."id" = ${modelId}`;
  if (!model?.used) return;
  throw new Conflict(
    'experiments or measurements depend on the preprocessing of this model: give a name, and a new model of the same file gets this one',
    'newName',
  );
}

function inputNameOf({ summary }: Pick<Model, 'summary'>): string | undefined {
  return stored('Model', 'summary', summary).inputName;
}

/** Where the input of the images was given a size, it has that of the preprocessing from now on. */
function sizedAs(readAs: ReadAs, inputName: string | undefined, input: Preprocessing | null): ReadAs {
  if (!input) return readAs;
  const at = input.layout === 'NHWC' ? 3 : 2;
  const sized = readAs.input?.map((each) => {
    if (each.name !== undefined && each.name !== inputName) return each;
    const from = each.shape.length - at;
    const shape = [...each.shape];
    if (from >= 0) shape.splice(from, 2, ...input.size);
    return { ...each, shape };
  });
  return { ...readAs, input: sized };
}

/** Whatever does not fit, it is the preprocessing that was given. */
async function atPreprocessing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FieldError) throw new FieldError(error.message, 'preprocessing');
    throw error;
  }
}
