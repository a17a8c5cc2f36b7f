import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { type Annotations, bytesOf, folderOf } from './label-files.ts';
import { type LabelTable, parseLabelTable } from './label-table.ts';

/**
 * Images that show several classes each, by tables of labels.
 *
 * @param images and tables relative to `root`; a table names images relative to its own folder
 * @throws {InputError} for a line without its image, an image without its line, and classes that differ
 */
export async function readSeveral(
  root: string,
  images: readonly string[],
  tables: readonly string[],
): Promise<Annotations> {
  const known = new Set(images);
  const of = new Map<string, readonly string[]>();
  const parsed: LabelTable[] = [];
  for (const path of tables) {
    const table = parseLabelTable((await bytesOf(join(root, path))).toString(), path);
    parsed.push(table);
    for (const { image, classes, line } of table.rows) {
      const file = folderOf(path) + image;
      if (!known.has(file)) {
        throw new InputError(`${path}, line ${line}: there is no image ${file}`, 'dataset');
      }
      if (of.has(file)) throw new InputError(`${path}, line ${line}: ${file} is there twice`, 'dataset');
      of.set(file, classes);
    }
  }
  const missing = images.find((image) => !of.has(image));
  if (missing !== undefined) {
    throw new InputError(`${tables.join(', ')} has no line for ${missing}: give each image one`, 'dataset');
  }
  const classes = classesOf(parsed, [...of.values()], tables);
  const index = new Map(classes.map((name, i) => [name, i]));
  const labels = new Map(
    [...of].map(([image, names]) => [image, names.map((name) => index.get(name) ?? 0).sort((a, b) => a - b)]),
  );
  return {
    about: { form: 'several', classes },
    digest: (path) => (labels.get(path) ?? []).join(','),
    read: async (path) => labels.get(path) ?? [],
  };
}

/** Columns say an order; names are told in that of their code points, as class folders are. */
function classesOf(
  parsed: readonly LabelTable[],
  named: readonly (readonly string[])[],
  tables: readonly string[],
): readonly string[] {
  const [first = null] = parsed.map(({ classes }) => classes);
  const differs = parsed.findIndex(({ classes }) => String(classes) !== String(first));
  if (differs >= 0) {
    throw new InputError(
      `${tables[0]} and ${tables[differs]} have different columns: give both the same`,
      'dataset',
    );
  }
  const classes =
    first ?? [...new Set(named.flat())].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (classes.length < 2) {
    throw new InputError(`${tables.join(', ')} has fewer than two classes: give all of them`, 'dataset');
  }
  return classes;
}
