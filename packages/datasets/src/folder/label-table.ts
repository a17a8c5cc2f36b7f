import { InputError } from '@espalier/errors';
import { CsvError, parse } from 'csv-parse/sync';

/** A row of a table of labels. */
interface LabelRow {
  /** As the table has it. */
  readonly image: string;
  readonly classes: readonly string[];
  readonly line: number;
}

/** A table of the classes of images. */
export interface LabelTable {
  readonly rows: readonly LabelRow[];
  /** In the order of its columns; null if the rows name them. */
  readonly classes: readonly string[] | null;
}

/**
 * Reads a table of labels, which begins with its titles. The first column is the image. Either the second and last one
 * names its classes, with `;` between them, or there is a column for each class, with 1 or 0.
 *
 * @param file for messages
 * @throws {InputError} naming file and line
 */
export function parseLabelTable(text: string, file: string): LabelTable {
  const [titles, ...rows] = records(text, file);
  if (!titles || titles.length < 2) {
    throw new InputError(
      `${file}: give the image in the first column and its classes in the second, separated by ;, or a column for each class with 1 or 0`,
      'dataset',
    );
  }
  const [, ...names] = titles.map((title) => title.trim().normalize('NFC'));
  const columns = names.length > 1 ? names : null;
  if (columns && (new Set(columns).size < columns.length || columns.includes(''))) {
    throw new InputError(`${file}: two classes have the same name, or one has none`, 'dataset');
  }
  const cells = rows.map(([, cell = '']) => cell.trim());
  if (!columns && cells.some((cell) => cell !== '') && cells.every((cell) => /^[01]?$/.test(cell))) {
    throw new InputError(
      `${file}: ${names[0] ?? 'the second column'} is 1 or 0: give the names of the classes there, or a column for each of two or more`,
      'dataset',
    );
  }
  return {
    classes: columns,
    rows: rows.map(([image = '', ...cells], i) => {
      const line = i + 2;
      const classes = columns ? marked(columns, cells, `${file}, line ${line}`) : named(cells[0] ?? '');
      return { image: image.trim(), classes, line };
    }),
  };
}

function records(text: string, file: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InputError(`${file}: ${error.message}`, 'dataset');
  }
}

function named(cell: string): string[] {
  const names = cell.split(';').map((name) => name.trim().normalize('NFC'));
  return [...new Set(names.filter((name) => name !== ''))];
}

function marked(columns: readonly string[], cells: readonly string[], where: string): string[] {
  return columns.filter((name, i) => {
    const cell = (cells[i] ?? '').trim();
    if (!['0', '1'].includes(cell))
      throw new InputError(`${where}: "${cell}" of ${name} is not 1 or 0`, 'dataset');
    return cell === '1';
  });
}
