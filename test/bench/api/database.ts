import { openDatabase } from '@espalier/store';
import { createApiKey } from '../../../apps/api/src/people/api-keys.ts';
import { fill } from './fill.ts';

interface Size {
  readonly runs: number;
  /** Sampled ones. */
  readonly points: number;
}

/** Of what {@link fill} makes: a database of another edition is not asked. */
const EDITION = 3;

/** A database of this size, made the first time. */
export async function filled(url: string, size: Size): Promise<string> {
  const name = `bench${EDITION}_${size.runs}_${size.points}`;
  const own = new URL(`/${name}`, url).href;
  const admin = await openDatabase(url);
  const { rowCount } = await admin.pool.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) {
    const unfinished = `${name}_unfinished`;
    await admin.pool.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await admin.pool.query(`CREATE DATABASE ${unfinished}`);
    const target = await openDatabase(new URL(`/${unfinished}`, url).href);
    const started = performance.now();
    await fill(target, size);
    await target.close();
    console.error(`filled in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    await admin.pool.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  }
  await admin.close();
  return own;
}

/** A key of the team that has them all. */
export async function keyOf(url: string): Promise<string> {
  const database = await openDatabase(url);
  const { prisma } = database;
  const [teamId, userId] = ['team_0', 'user_bench'];
  // What may ask for more can ask for more at once.
  const user = { id: userId, email: 'bench@example.org', name: 'Bench', operator: true };
  await prisma.user.upsert({ where: { id: userId }, create: user, update: { operator: true } });
  const membership = { teamId, userId, role: 'admin' } as const;
  await prisma.membership.upsert({
    where: { teamId_userId: { teamId, userId } },
    create: membership,
    update: { role: 'admin' },
  });
  const { key } = await createApiKey(prisma, { teamId, userId }, { name: 'bench', role: 'admin' });
  await database.close();
  return key;
}
