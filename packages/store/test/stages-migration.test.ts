import { expect, it } from 'vitest';
import { openDatabase } from '../src/database/open.ts';
import { databaseBefore } from './database-before.ts';

const VIEWS: readonly (readonly [before: object, after: object])[] = [
  [
    { query: 'q=pruning&states=failed%2Cpruning%2Csearching&order=-top1' },
    { query: 'q=pruning&states=failed%2Crecalibrating%2Csearching&order=-top1' },
  ],
  [{ query: 'states=pruning' }, { query: 'states=recalibrating' }],
  [{ query: 'states=failed&q=states%3Dpruning' }, { query: 'states=failed&q=states%3Dpruning' }],
  [
    { filter: { states: ['failed', 'pruning'], tags: ['pruning'] } },
    { filter: { states: ['failed', 'recalibrating'], tags: ['pruning'] } },
  ],
];

it('what was stored of the stage that was called pruning says recalibrating, and all else is as it was', async () => {
  const url = await databaseBefore('plans', async (client) => {
    // Rows that refer to nothing: only the states matter.
    await client.query("SET session_replication_role = 'replica'");
    await client.query(`
      INSERT INTO "Run" (id, "teamId", "experimentId", allocation, criterion, metric, share, seed, state) VALUES
        ('run_1', 't', 'e', 'cie', 'l1', 'macs', 0.5, 0, 'pruning'),
        ('run_2', 't', 'e', 'cie', 'l1', 'macs', 0.5, 1, 'finished')`);
    await client.query(`
      INSERT INTO "RunEvent" ("runId", seq, kind, data) VALUES
        ('run_1', 1, 'created', '{"state": "queued"}'),
        ('run_1', 2, 'state', '{"state": "searching"}'),
        ('run_1', 3, 'state', '{"state": "pruning", "reason": "pruning"}'),
        ('run_1', 4, 'note', '{"state": "pruning"}')`);
    await client.query(`
      INSERT INTO "PrunedResult"
        ("runId", sha256, "networkHash", params, macs, "savedParams", "savedMacs", structure, trace, provenance, seconds)
      VALUES ('run_2', 's', 'n', 1, 1, 0.5, 0.5, '[]', '[]', '{}', '{"searching": 2, "pruning": 0.25, "exporting": 1}')`);
    for (const [i, [state]] of VIEWS.entries()) {
      await client.query(
        `INSERT INTO "SavedView" (id, "teamId", "userId", name, page, state) VALUES ($1, 't', 'u', $1, 'runs', $2)`,
        [`view_${i}`, state],
      );
    }
  });
  const { prisma, close } = await openDatabase(url);
  try {
    const runs = await prisma.run.findMany({ orderBy: { id: 'asc' } });
    expect(runs.map(({ state }) => state)).toEqual(['recalibrating', 'finished']);
    const events = await prisma.runEvent.findMany({ orderBy: { seq: 'asc' } });
    expect(events.map(({ data }) => data)).toEqual([
      { state: 'queued' },
      { state: 'searching' },
      { state: 'recalibrating', reason: 'pruning' },
      { state: 'pruning' },
    ]);
    const { seconds } = await prisma.prunedResult.findFirstOrThrow();
    expect(seconds).toEqual({ searching: 2, recalibrating: 0.25, exporting: 1 });
    const views = await prisma.savedView.findMany({ orderBy: { id: 'asc' } });
    expect(views.map(({ state }) => state)).toEqual(VIEWS.map(([, after]) => after));
  } finally {
    await close();
  }
});
