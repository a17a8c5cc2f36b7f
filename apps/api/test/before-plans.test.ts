import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { databaseBefore } from '../../../packages/store/test/database-before.ts';
import { startPlatform } from './platform.ts';

// An installation of before plans: one that has been at work, with a pass of rounds in its provenance.

const SHA = 'ab'.repeat(32);
const ROUNDS = [
  { round: 1, baseline: { top1: 0.9, loss: 0.4 }, achieved: { macs: 0.2, params: 0.1 }, widths: [6, 8] },
  { round: 2, baseline: { top1: 0.8, loss: 0.5 }, achieved: { macs: 0.5, params: 0.4 }, widths: [4, 6] },
];
const USUAL = { align: 1, minWidth: 1, maxRatio: 0.9, keep: [] };
const STRUCTURE = [{ group: 'conv1', before: 8, after: 4, kept: [0, 1, 2, 3] }];
const GRID = [0.25, 0.5];
/** As it was made then: it knew nothing of preprocessing, classes, engines and decoding. */
const OLD_KEY = createHash('sha256')
  .update(JSON.stringify([1, 'net', 'images', 'l1', GRID, 100, 0]))
  .digest('hex');

const ROWS = `
  INSERT INTO "User" (id, email, name) VALUES ('user_1', 'ann@example.org', 'Ann');
  INSERT INTO "Team" (id, slug, name) VALUES ('team_1', 'old', 'Old');
  INSERT INTO "Project" (id, "teamId", name) VALUES ('proj_1', 'team_1', 'Birds');
  INSERT INTO "Artifact" (sha256, bytes, "mediaType") VALUES ('${SHA}', 1, 'application/onnx');
  INSERT INTO "Model" (id, "teamId", "projectId", name, sha256, "networkHash", params, macs, summary) VALUES
    ('model_1', 'team_1', 'proj_1', 'Net', '${SHA}', 'net', 1000, 5000, '{"groups": [{"id": "conv1", "width": 8}]}');
  INSERT INTO "Dataset" (id, "teamId", name, hash, classes) VALUES ('data_1', 'team_1', 'Pictures', 'images', '{a,b}');
  INSERT INTO "DatasetSplit" ("datasetId", name, images) VALUES
    ('data_1', 'train', 800), ('data_1', 'search', 200), ('data_1', 'test', 16);
  INSERT INTO "Experiment" (id, "teamId", "projectId", "modelId", "datasetId", name, samples, grid, seed, recalibrate) VALUES
    ('exp_1', 'team_1', 'proj_1', 'model_1', 'data_1', 'First', 100, '{${GRID}}', 0, 50);
  INSERT INTO "SamplingRun" (id, key, "modelId", "datasetId", "networkHash", "datasetHash", criterion, grid, samples, seed,
      state, groups, "baselineTop1", "baselineLoss", engine) VALUES
    ('sample_1', '${OLD_KEY}', 'model_1', 'data_1', 'net', 'images', 'l1', '{${GRID}}', 100, 0,
      'done', '[{"id": "conv1", "width": 8}]', 0.9, 0.4, 'onnxruntime');
  INSERT INTO "SamplingShard" ("samplingRunId", index, count, state, sha256) VALUES ('sample_1', 0, 1, 'done', '${SHA}');
  INSERT INTO "SamplePoint" ("samplingRunId", "groupIndex", "ratioIndex", removed, top1, loss, images, "standardError") VALUES
    ('sample_1', 0, 0, 2, 0.8, 0.5, 100, 0.01), ('sample_1', 0, 1, 4, 0.7, 0.6, 100, 0.01);
  INSERT INTO "ContributionMatrix" ("samplingRunId", drop, "monotoneDrop", contribution, importance) VALUES
    ('sample_1', '{0.1,0.2}', '{0.1,0.2}', '{1,1}', '{1}');
  INSERT INTO "Run" (id, "teamId", "experimentId", "samplingRunId", allocation, criterion, metric, share, seed, state, error) VALUES
    ('run_cie', 'team_1', 'exp_1', 'sample_1', 'cie', 'l1', 'macs', 0.5, 0, 'finished', NULL),
    ('run_rounds', 'team_1', 'exp_1', NULL, 'cie-iterative', 'l1', 'macs', 0.5, 0, 'finished', NULL),
    ('run_at_work', 'team_1', 'exp_1', 'sample_1', 'cie', 'l1', 'macs', 0.3, 0, 'pruning', NULL),
    ('run_failed', 'team_1', 'exp_1', 'sample_1', 'cie', 'l1', 'macs', 0.4, 0, 'failed', 'no space left');
  INSERT INTO "RunEvent" ("runId", seq, kind, data) VALUES
    ('run_rounds', 1, 'created', '{"state": "queued"}'),
    ('run_rounds', 2, 'state', '{"state": "pruning"}'),
    ('run_rounds', 3, 'state', '{"state": "finished", "top1": 0.75}'),
    ('run_at_work', 1, 'state', '{"state": "pruning"}');
  INSERT INTO "PrunedResult" ("runId", sha256, "networkHash", params, macs, "savedParams", "savedMacs", structure, trace,
      "prunedTop1", "prunedLoss", top1, loss, images, hits, provenance, seconds) VALUES
    ('run_cie', '${SHA}', 'cut', 600, 2500, 0.4, 0.5, '${JSON.stringify(STRUCTURE)}', '[]',
      0.5, 1, 0.5, 1, 16, '\\x00ff', '{"engine": "onnxruntime 1.2", "version": "0.1.0"}', '{"searching": 1, "pruning": 3}'),
    ('run_rounds', '${SHA}', 'cut', 600, 2500, 0.4, 0.5, '${JSON.stringify(STRUCTURE)}', '[]',
      0.75, 1, 0.75, 1, 16, '\\x0fff', '${JSON.stringify({ engine: 'onnxruntime 1.2', rounds: ROUNDS })}',
      '{"sampling": 5, "pruning": 2, "total": 8}');
  INSERT INTO "BaseEvaluation" (id, "modelId", "datasetHash", split, top1, loss, images, hits) VALUES
    ('eval_1', 'model_1', 'images', 'test', 0.875, 0.4, 16, '\\xfcff');
  INSERT INTO "SavedView" (id, "teamId", "userId", name, page, state, shared) VALUES
    ('view_1', 'team_1', 'user_1', 'At work', 'runs', '{"query": "states=pruning%2Cqueued&order=-top1"}', true);
`;

const PARTS = `fragment Parts on PrunedResult {
  groups { group before after kept savedAlone { params macs } }
  trace { threshold kind }
  rounds { round share savedParams savedMacs groups { group } before { top1 top5 loss images } after { top1 } }
  recovery { recipeHash }
  seconds { stage seconds }
  totalSeconds
  provenance { engine version threads node cpu cores throughputBatch worker }
}`;
const NOT_KEPT = { threads: null, node: null, cpu: null, cores: null, throughputBatch: null, worker: null };

it('an installation of before plans opens: finished runs are read and compared as ever', async () => {
  const url = await databaseBefore('plans', async (client) => {
    await client.query(ROWS);
  });
  const { member } = await startPlatform({ url });
  const viewer = await member('viewer', 'team_1');
  const { data, errors } = await viewer.ask(`{
    runs {
      nodes {
        id state error engine rounds recovery { epochs }
        limits { align minWidth maxRatio keep }
        sampling { state baselineTop1 groups { id: name width } matrix { accuracy contribution } }
        result { top1 ...Parts }
        events { kind ... on StateEvent { state top1 } ... on UnknownEvent { name } }
      }
    }
    atWork: runs(filter: { state: { in: [RECALIBRATING] } }) { nodes { id } }
    analysis {
      groups(first: 5) { name count baseTop1 comparability { verdict } }
      pairs(runIds: ["run_cie", "run_rounds"]) { verdict test { b c images } }
    }
    savedViews(filter: { page: { in: ["runs"] } }) { nodes { state } }
  }
  ${PARTS}`);
  expect(errors).toBeUndefined();
  const runs = new Map(data.runs.nodes.map((run: { id: string }) => [run.id, run]));
  expect(runs.get('run_cie')).toEqual({
    ...{
      id: 'run_cie',
      state: 'FINISHED',
      error: null,
      engine: null,
      rounds: null,
      recovery: null,
      limits: USUAL,
    },
    sampling: {
      ...{ state: 'DONE', baselineTop1: 0.9, groups: [{ id: 'conv1', width: 8 }] },
      matrix: { accuracy: [[0.8, 0.7]], contribution: [[1, 1]] },
    },
    result: {
      ...{ top1: 0.5, rounds: null, recovery: null, totalSeconds: null, trace: [] },
      seconds: [
        { stage: 'SEARCHING', seconds: 1 },
        { stage: 'RECALIBRATING', seconds: 3 },
      ],
      provenance: { ...{ engine: 'onnxruntime 1.2', version: '0.1.0' }, ...NOT_KEPT },
      groups: [{ group: 'conv1', before: 8, after: 4, kept: [0, 1, 2, 3], savedAlone: null }],
    },
    events: [],
  });
  expect(runs.get('run_rounds')).toMatchObject({
    // What the allocation did by itself.
    ...{ state: 'FINISHED', rounds: 3, sampling: null },
    result: {
      rounds: [
        {
          ...{ round: 1, share: null, savedParams: 0.1, savedMacs: 0.2, groups: null, after: null },
          before: { top1: 0.9, top5: null, loss: 0.4, images: null },
        },
        { round: 2, savedParams: 0.4, savedMacs: 0.5, before: { top1: 0.8, loss: 0.5 } },
      ],
      seconds: [
        { stage: 'SAMPLING', seconds: 5 },
        { stage: 'RECALIBRATING', seconds: 2 },
      ],
      totalSeconds: 8,
      provenance: { engine: 'onnxruntime 1.2', version: null, ...NOT_KEPT },
    },
    events: [
      // It said less than it does now.
      { kind: 'UNKNOWN', name: 'created' },
      { kind: 'STATE', state: 'RECALIBRATING', top1: null },
      { kind: 'STATE', state: 'FINISHED', top1: 0.75 },
    ],
  });
  expect(runs.get('run_at_work')).toMatchObject({ state: 'RECALIBRATING', result: null });
  expect(data.atWork.nodes).toEqual([{ id: 'run_at_work' }]);
  // Both used the usual limits of then: one group, whose base is found.
  const [group, ...others] = data.analysis.groups;
  expect(others).toEqual([]);
  expect(group).toMatchObject({ count: 2, baseTop1: 0.875 });
  expect(data.analysis.pairs).toEqual([{ verdict: 'COMPARABLE', test: { b: 0, c: 4, images: 16 } }]);
  expect(data.savedViews.nodes).toEqual([{ state: { query: 'states=recalibrating%2Cqueued&order=-top1' } }]);
});

it('its samplings are not gone by again: a retry makes a new one, and the old one stays', async () => {
  const url = await databaseBefore('plans', async (client) => {
    await client.query(ROWS);
  });
  const { member, prisma } = await startPlatform({ url });
  const editor = await member('editor', 'team_1');
  const { data, errors } = await editor.ask(
    'mutation { retryRuns(input: { ids: ["run_failed"] }) { ok errors { message } } }',
  );
  expect([errors, data?.retryRuns]).toEqual([undefined, { ok: true, errors: [] }]);
  const retried = await prisma.run.findUniqueOrThrow({
    where: { id: 'run_failed' },
    include: { samplingRun: true },
  });
  expect(retried).toMatchObject({ state: 'sampling', engine: 'onnxruntime' });
  expect(retried.samplingRun).toMatchObject({ state: 'waiting', engine: 'onnxruntime' });
  expect(retried.samplingRun?.key).not.toBe(OLD_KEY);
  const old = await prisma.samplingRun.findUniqueOrThrow({
    where: { key: OLD_KEY },
    include: { runs: true, shards: true, points: true },
  });
  expect(old).toMatchObject({ id: 'sample_1', state: 'done' });
  expect(old.runs.map(({ id }) => id).sort()).toEqual(['run_at_work', 'run_cie']);
  expect([old.shards.length, old.points.length]).toEqual([1, 2]);
  // Only one with an engine's name is told apart from another engine's.
  expect(await prisma.baseEvaluation.findMany({ select: { engine: true } })).toEqual([{ engine: '' }]);
});
