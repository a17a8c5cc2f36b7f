import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '../generated/client.ts';
import { migrate } from './migrations.ts';

/** A migrated database, and the two ways to ask it: Prisma for rows, `pool` for heavy reads in SQL. */
export interface Database {
  readonly url: string;
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** What is done with it is done as a whole, or not at all. */
export type Transaction = Prisma.TransactionClient;

export interface DatabaseOptions {
  /** Whether it is migrated first: not by a program that another one is the master of. Default true. */
  readonly migrates?: boolean;
  /** Connections that are kept. Default 10. */
  readonly connections?: number | undefined;
  /** Milliseconds that a statement may take. Default: as the server has it. */
  readonly statementMs?: number | undefined;
  /** Told of a connection that broke while nobody used it; the pool replaces it. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** A process that froze in the middle of a change keeps others from the rows for so long. */
const SILENT_MS = 10_000;

/** Milliseconds: on a busy machine a change waits for a connection and is carried out, rather than refused. */
const PATIENCE = { maxWait: 10_000, timeout: 30_000 };

/**
 * Migrates a database and opens it.
 *
 * @throws {InputError} as {@link migrate}
 */
export async function openDatabase(
  url: string,
  { migrates = true, connections = 10, statementMs, onError = () => {} }: DatabaseOptions = {},
): Promise<Database> {
  if (migrates) await migrate(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    keepAlive: true,
    idle_in_transaction_session_timeout: SILENT_MS,
    ...(statementMs === undefined ? {} : { statement_timeout: statementMs }),
  });
  // Without a listener a restarted server would end this process.
  pool.on('error', onError);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions: PATIENCE });
  return {
    url,
    prisma,
    pool,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
