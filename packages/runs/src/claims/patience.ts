import { setTimeout } from 'node:timers/promises';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5000;
/** A restart takes seconds, moving a database to another machine minutes. */
const PATIENCE_MS = 10 * 60_000;

/** What Node, PostgreSQL and Prisma call a connection that is not there, or broke. */
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  // Shut down by a person, after a crash, or starting up; connection exceptions.
  ...['57P01', '57P02', '57P03', '08000', '08001', '08003', '08006'],
  // Not reached, no answer in time, closed; a transaction that did not begin or was lost.
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028'],
  ...['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout'],
]);
/** pg has no code for these. */
const TERMINATED =
  /Connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** Whether the database could not be asked, and so may be able to answer later. */
export function isUnreachable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, kind, cause, meta, message } = error as {
    readonly [name: string]: unknown;
  };
  if ([code, kind].some((name) => typeof name === 'string' && UNREACHABLE.has(name))) return true;
  if (typeof message === 'string' && TERMINATED.test(message)) return true;
  const adapter = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return isUnreachable(cause) || isUnreachable(adapter);
}

/**
 * Asks the database again and again while it is away, for some minutes. A transaction whose commit was not
 * answered may have been carried out: `work` has to stand being done twice.
 */
export async function patiently<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isUnreachable(error) || Date.now() > deadline) throw error;
      await setTimeout(wait, undefined, signal ? { signal } : {});
    }
  }
}
