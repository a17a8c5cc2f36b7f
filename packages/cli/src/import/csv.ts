import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@espalier/errors';
import { CsvError, parse } from 'csv-parse';
import type { Mapping } from './mapping.ts';
import type { Problem } from './problems.ts';
import { type Row, textOf } from './row.ts';
import { type Source, shortHash } from './source.ts';

/** The first row of values, as a spreadsheet counts: the names of the columns are above it. */
const FIRST = 2;

interface Options {
  readonly mapping: Mapping;
  /** What the table is called where its file does not say it. */
  readonly called: string | undefined;
  readonly delimiter: string;
}

/**
 * The rows of a CSV file, as a stream.
 *
 * @throws {InputError} for a file that is no such table, and a column of the mapping that it does not have
 */
export async function csvSource(file: string, { mapping, called, delimiter }: Options): Promise<Source> {
  await checkFile(file);
  const name = called ?? path.basename(file).replace(/\.(csv|tsv|txt)$/i, '');
  const bytes = createHash('sha256');
  const rows: Row[] = [];
  const problems: Problem[] = [];
  let columns: readonly string[] | null = null;
  const reading = createReadStream(file).on('data', (chunk) => bytes.update(chunk));
  const records = reading.pipe(
    // Rows of another length are told with all else that is wrong.
    parse({ bom: true, delimiter, relax_column_count: true, skip_empty_lines: true, trim: true }),
  );
  // The parser ends with its file, not with what the file ends with.
  reading.on('error', (error) => records.destroy(error));
  try {
    for await (const record of records as AsyncIterable<string[]>) {
      if (columns === null) {
        columns = checkedColumns(file, record, mapping);
        continue;
      }
      const where = `row ${rows.length + FIRST}`;
      if (record.length !== columns.length) {
        const text = `expected ${columns.length} cells, not ${record.length}`;
        problems.push({ where, column: null, text });
      }
      const cells = new Map(columns.map((column, at) => [column, record[at] ?? '']));
      rows.push({
        where,
        key: null,
        group: name,
        cells,
        series: new Map(),
        network: networkOf(file, mapping, cells),
      });
    }
  } catch (error) {
    throw error instanceof CsvError ? new InputError(`${file}: ${error.message}`) : error;
  }
  if (columns === null) throw new InputError(`${file} is empty`);
  const keyed = withKeys(rows, mapping, { name, hash: shortHash(bytes.digest('hex')) }, problems);
  return { kind: 'csv', name, rows: keyed, problems, skipped: [] };
}

async function checkFile(file: string): Promise<void> {
  const entry = await stat(file).catch(() => null);
  if (!entry) throw new InputError(`there is no file ${file}`);
  if (!entry.isFile()) throw new InputError(`${file} is not an ordinary file`);
}

function checkedColumns(file: string, header: readonly string[], mapping: Mapping): readonly string[] {
  const twice = header.find((column, at) => column !== '' && header.indexOf(column) !== at);
  if (twice !== undefined) throw new InputError(`${file} has two columns "${twice}": rename one of them`);
  const origins = [...mapping.fields.values(), ...(mapping.judged ? [mapping.judged.origin] : [])];
  const wanted = origins.flatMap((origin) => ('column' in origin ? [origin.column] : []));
  const all = [...wanted, ...mapping.epochs.values(), ...(mapping.key === null ? [] : [mapping.key])];
  const missing = all.find((column) => !header.includes(column));
  if (missing === undefined) return header;
  const known = header.filter(Boolean).map((column) => `"${column}"`);
  throw new InputError(`${file} has no column "${missing}", but ${known.join(', ')}`);
}

/** From the folder of the table. */
function networkOf(file: string, mapping: Mapping, cells: Row['cells']): string | null {
  const origin = mapping.fields.get('network');
  const text = origin && textOf({ cells } as Row, origin);
  return text ? path.resolve(path.dirname(file), text) : null;
}

/**
 * Rows are known again by the column that is said to tell them apart, else by their names where these do; else by their
 * place in this very file.
 */
function withKeys(
  rows: readonly Row[],
  { key, fields }: Mapping,
  { name, hash }: { readonly name: string; readonly hash: string },
  problems: Problem[],
): Row[] {
  const names = fields.get('name');
  const named = names && 'column' in names ? names.column : null;
  const apart = key ?? (named !== null && tellsApart(rows, named) ? named : null);
  if (apart === null) return rows.map((row) => ({ ...row, key: `csv ${hash} ${row.where}` }));
  const seen = new Map<string, string>();
  return rows.map((row) => {
    const text = row.cells.get(apart)?.trim() ?? '';
    const before = seen.get(text);
    const column = apart;
    if (text === '')
      problems.push({
        where: row.where,
        column,
        text: 'expected a key that identifies the row, but the cell is empty',
      });
    else if (before !== undefined) {
      problems.push({
        where: row.where,
        column,
        text: `expected a different one in each row, not that of ${before}`,
      });
    }
    seen.set(text, row.where);
    return { ...row, key: `csv ${name} ${text}` };
  });
}

function tellsApart(rows: readonly Row[], column: string): boolean {
  const texts = rows.map(({ cells }) => cells.get(column)?.trim() ?? '');
  return !texts.includes('') && new Set(texts).size === texts.length;
}
