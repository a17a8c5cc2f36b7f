import { manifestHash, type SplitManifest, type SplitName } from '@espalier/datasets';
import { type Dataset, newId, type Transaction } from '@espalier/store';
import { Field, InputType, Int } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError } from '../errors.ts';
import { goneOf, takeKey } from '../external/client-key.ts';
import type { Context } from '../graphql/context.ts';
import { checkedName } from '../validation.ts';
import { checkClasses, withClasses } from './classes.ts';
import { SplitEnum } from './split.ts';

const SHA256 =
  'Over a line for each image in order: the sha256 of its pixels as decoded ([height, width, channels], a byte each), a space, its label, a line feed. 64 hex digits.';

@InputType('SplitManifestInput')
export class SplitManifestInput implements SplitManifest {
  @Field(() => SplitEnum)
  name!: SplitName;

  @Field(() => Int)
  images!: number;

  @Field(() => String, { description: SHA256 })
  sha256!: string;
}

export interface ManifestInput {
  readonly key: string;
  readonly name: string;
  /** In the order of the labels. */
  readonly classes: readonly string[];
  readonly splits: readonly SplitManifestInput[];
}

/** Whether it has no pixels: only imported results use it. */
export function isManifest({ builtIn, sha256 }: Pick<Dataset, 'builtIn' | 'sha256'>): boolean {
  return builtIn === null && sha256 === null;
}

/** What is told of one where pixels are needed. */
export function noPixels(name: string): string {
  return `"${name}" is a manifest without pixels, only for imported results: push its images (espalier push --dataset) to compute on it`;
}

/** A data set of which hashes are known alone. One with pixels and equal hashes is the same, and is answered. */
export async function registerManifest(context: Context, input: ManifestInput): Promise<Dataset> {
  const editor = requireRole(context.viewer, 'editor');
  const { teamId } = editor;
  const { key } = input;
  const name = checkedName(input.name);
  const [classes, splits] = [[...input.classes], checkedSplits(input.splits)];
  if (classes.length === 0) throw new FieldError('name its classes', 'classes');
  checkClasses(name, classes);
  const manifest = manifestHash(splits);
  return context.database.prisma.$transaction(async (transaction) => {
    await lockManifest(transaction, teamId, manifest);
    const same = await sameDataset(transaction, teamId, manifest);
    const write = 'registerDatasetManifest';
    const content = { name, classes, splits: splits.map((split) => ({ ...split })) };
    const id = same?.id ?? newId('data');
    const { subjectId, isNew } = await takeKey(transaction, { teamId, key, write, content }, id);
    if (!isNew) {
      const where = { id: subjectId, teamId, deletedAt: null };
      const made = await transaction.dataset.findFirst({ where });
      if (!made) throw goneOf(key);
      return made;
    }
    if (same) return checkedSame(same, classes);
    const created = await transaction.dataset.create({
      data: { id, teamId, name, manifest, hash: manifest },
    });
    await audit(transaction, editor, 'dataset.register', id, { name, manifest });
    return withClasses(transaction, created, { classes, splits });
  });
}

/** Of two that register the same images at a time the second one finds what the first one made. */
export async function lockManifest(
  transaction: Transaction,
  teamId: string,
  manifest: string,
): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${teamId} ${manifest}`}, 1))`;
}

/** The team's data set with these images and labels, with pixels if there is one. */
async function sameDataset(
  transaction: Transaction,
  teamId: string,
  manifest: string,
): Promise<Dataset | null> {
  const found = await transaction.dataset.findMany({
    where: { teamId, manifest, deletedAt: null },
    orderBy: { id: 'asc' },
  });
  return found.find((each) => !isManifest(each)) ?? found[0] ?? null;
}

/** A data set itself where it has pixels, else the team's one that has, with the same images and labels; null if none has. */
export async function withPixels(transaction: Transaction, dataset: Dataset): Promise<Dataset | null> {
  if (!isManifest(dataset)) return dataset;
  const same = dataset.manifest && (await sameDataset(transaction, dataset.teamId, dataset.manifest));
  return same && !isManifest(same) ? same : null;
}

function checkedSame(same: Dataset, classes: readonly string[]): Dataset {
  if (same.classes.length === classes.length) return same;
  throw new Conflict(
    `"${same.name}" has the same images and labels, and ${same.classes.length} classes, not ${classes.length}`,
    'classes',
  );
}

function checkedSplits(given: readonly SplitManifestInput[]): SplitManifest[] {
  if (given.length === 0) throw new FieldError('give a split at least', 'splits');
  return given.map(({ name, images, sha256 }, at) => {
    const path = `splits.${at}`;
    if (given.findIndex((each) => each.name === name) < at) {
      throw new FieldError(`the split ${name} is there twice`, `${path}.name`);
    }
    if (images < 1) throw new FieldError('a split has an image at least', `${path}.images`);
    if (!/^[0-9a-f]{64}$/i.test(sha256)) throw new FieldError('a sha256 is 64 hex digits', `${path}.sha256`);
    return { name, images, sha256: sha256.toLowerCase() };
  });
}
