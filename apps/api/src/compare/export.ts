import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Prisma } from '@espalier/store';
import type { Column, Writer } from '@espalier/tables';
import type { Response } from 'express';
import QueryStream from 'pg-query-stream';
import type { Viewer } from '../access/viewer.ts';
import { ROUTES } from '../gate/routes.ts';
import type { Services } from '../graphql/context.ts';
import { type RunFilter, runCondition } from '../runs/run-filter.ts';
import type { RunOrder } from '../runs/run-order.ts';
import { RUN_TABLES } from '../runs/run-tables.ts';
import { columnsWithEnds, runColumns } from '../tables/run-columns.ts';
import { FORMATS, type Format, isForPaper, type Table, type TwoTables } from '../tables/table-file.ts';
import { answered, type ColumnName, columnsBehind, selected, toldBy } from './columns.ts';
import { orderedBy } from './comparison.ts';

export interface RunExport {
  /** With which the name of the file begins. */
  readonly name: string;
  readonly format: Format;
  readonly filter: RunFilter;
  readonly order: RunOrder | null;
  readonly columns: readonly ColumnName[];
}

/** Rows that are read ahead. */
const BATCH = 500;

/** Sends all matching runs, read with a cursor at the pace at which they are taken: never all in memory. */
export async function sendRuns(
  { database }: Services,
  viewer: Viewer,
  { name, format, filter, order, columns }: RunExport,
  response: Response,
): Promise<void> {
  const read = isForPaper(format) ? columnsWithEnds(columns) : columns;
  const { text, values } = Prisma.sql`
    SELECT ${selected(columnsBehind(read))} FROM ${RUN_TABLES}
    WHERE ${runCondition(viewer, filter)} ORDER BY ${orderedBy(order)}`;
  const client = await database.pool.connect();
  try {
    await client.query(`SET statement_timeout = ${ROUTES.exports.answerMs}`);
    const rows = client.query(new QueryStream(text, [...values], { batchSize: BATCH }));
    await sent([rows, telling(read)], name, format, runColumns(columns), response);
  } finally {
    // It may be in the midst of an answer, and has a time-out that is no other's.
    client.release(true);
  }
}

/** Sends rows that are all here: there are no more of them than one answer may have. */
export function sendTable(
  name: string,
  format: Format,
  { data, paper }: TwoTables,
  response: Response,
): Promise<void> {
  const { columns, rows }: Table = isForPaper(format) ? paper : data;
  return sent([Readable.from(rows)], name, format, columns, response);
}

async function sent(
  rows: readonly [Readable, ...Transform[]],
  name: string,
  format: Format,
  columns: readonly Column[],
  response: Response,
): Promise<void> {
  const { mediaType, writer } = FORMATS[format];
  response.set({
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="${name}-${moment()}.${format}"`,
    'Cache-Control': 'no-store',
  });
  try {
    await pipeline([...rows, writing(writer, columns), response]);
  } catch (error) {
    // Whoever asked has gone: nothing is wrong here.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** "20261129-043112", in UTC: two exports have two names. */
function moment(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
}

/** Rows with the columns that were asked for, from rows with those that they are made of. */
function telling(columns: readonly ColumnName[]): Transform {
  const made = columns.map((name) => [name, toldBy(name)] as const);
  return new Transform({
    objectMode: true,
    transform: (row, _encoding, done) =>
      done(
        null,
        Object.fromEntries(
          made.map(([name, by]) => [name, answered(name, by ? by(row.setting, row.seed) : row[name])]),
        ),
      ),
  });
}

function writing(writer: Writer, columns: readonly Column[]): Transform {
  return new Transform({
    writableObjectMode: true,
    construct(done) {
      this.push(writer.head(columns));
      done();
    },
    transform: (row, _encoding, done) => done(null, writer.row(columns, row)),
    flush: (done) => done(null, writer.tail),
  });
}
