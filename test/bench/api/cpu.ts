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
    const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []));
    const children = all.filter((one) => one.parent === parent);
    // Connections come and go.
    const over = statOf(String(parent))?.ofEnded ?? 0;
    return {
      own: statOf(String(pid))?.ms ?? 0,
      database: over + children.reduce((sum, { ms }) => sum + ms, 0),
    };
  };
}

interface Stat {
  readonly parent: string;
  readonly ms: number;
  /** Of children that are over. */
  readonly ofEnded: number;
}

/** Null for a process that is over. */
function statOf(pid: string): Stat | null {
  try {
    // Behind the name, which may have anything in it: state, parent, ..., time in user and in system mode, and of children.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const [user = 0, system = 0, ofUser = 0, ofSystem = 0] = fields.slice(11, 15).map(Number);
    return { parent: fields[1] ?? '', ms: (user + system) * TICK_MS, ofEnded: (ofUser + ofSystem) * TICK_MS };
  } catch {
    return null;
  }
}
