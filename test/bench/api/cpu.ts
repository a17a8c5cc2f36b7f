import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from '@espalier/store';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/**
 * What a process and the database's have computed so far, ms: unlike wall-clock, that does not depend on who else
 * computes on the machine. Linux only.
 */
export async function cpuOf(
  { pool }: Database,
  pid: number,
): Promise<() => { own: number; database: number }> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS "pid"');
  const { parent } = statOf(String(rows[0]?.pid)) ?? {};
  return () => {
    const children = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []));
    const database = children.filter((one) => one.parent === parent).reduce((sum, { ms }) => sum + ms, 0);
    return { own: statOf(String(pid))?.ms ?? 0, database };
  };
}

/** Null for a process that is over. */
function statOf(pid: string): { readonly parent: string; readonly ms: number } | null {
  try {
    // Behind the name, which may have anything in it: state, parent, ..., time in user and in system mode.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { parent: fields[1] ?? '', ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
  } catch {
    return null;
  }
}
