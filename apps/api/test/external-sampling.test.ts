import { readFile } from 'node:fs/promises';
import { packFlags } from '@espalier/engines';
import { expect, it } from 'vitest';
import { producer, refusal, send, uploaded } from './external.ts';
import { type Member, type Platform, RESNET20, startPlatform } from './platform.ts';

const IMAGES = 100;
const SAMPLING = `samplingRun { id state origin criterion groups { name width } baselineTop1
  externalMetric { name direction } source { tool version link } model { id }
  matrix { groups grid accuracy drop monotoneDrop contribution standardError }
  points(first: 100) { nodes { group removed top1 loss origin } } }`;

/** A project with ResNet-20, a data set without pixels, and a script that may append to it. */
async function place(platform: Platform, member?: Member) {
  const editor = member ?? (await platform.member('editor'));
  const { project } = await send(editor, 'createProject', { name: 'p' }, 'project { id }');
  const script = await producer(platform, editor, project.id);
  const uploadId = await uploaded(script, 'resnet20.onnx', await readFile(RESNET20));
  const named = { projectId: project.id, name: 'ResNet-20', uploadId };
  const { model } = await send(script, 'registerModel', named, 'model { id }');
  const splits = [{ name: 'SEARCH', images: IMAGES, sha256: 'a'.repeat(64) }];
  const manifest = { key: 'data', name: 'images', classes: ['a', 'b'], splits };
  const { dataset } = await send(script, 'registerDatasetManifest', manifest, 'dataset { id }');
  const input = {
    ...{ key: 'sweep', modelId: model.id, datasetId: dataset.id, samples: IMAGES, grid: '0.25,0.5' },
    metric: { name: 'top1', direction: 'HIGHER' },
    source: { tool: 'pytorch', version: '2.4', link: 'https://example.org/run/1' },
  };
  return { editor, script, input };
}

const hits = (right: number) =>
  Buffer.from(packFlags(Array.from({ length: IMAGES }, (_, i) => (i < right ? 1 : 0)))).toString('base64');
const baseline = { removed: 0, value: 0.9, loss: 0.4, images: IMAGES, hits: hits(90) };

it('what a script measured becomes matrices, once, whatever is sent again', async () => {
  const platform = await startPlatform();
  const { script, input } = await place(platform);
  const create = (changed = {}) => send(script, 'createSampling', { ...input, ...changed }, SAMPLING);
  const [made, again] = await Promise.all([create(), create()]);
  expect(again).toEqual(made);
  const { id, groups } = made.samplingRun;
  expect(made).toMatchObject({
    ok: true,
    samplingRun: { state: 'RUNNING', origin: 'EXTERNAL', source: input.source, matrix: null },
  });
  expect(await create({ samples: 99 })).toMatchObject(refusal('CONFLICT', 'key', /samples was 100, is 99/));

  const [first, second] = groups;
  const point = (group: { name: string; width: number }, share: number, right: number) => ({
    ...{ group: group.name, removed: Math.floor(group.width * share), value: right / IMAGES },
    ...{ loss: 1, images: IMAGES, hits: hits(right) },
  });
  const points = [baseline, point(first, 0.25, 80), point(first, 0.5, 60), point(second, 0.5, 50)];
  const put = (key: string, sent: object[]) =>
    send(script, 'putSamplePoints', { key, samplingRunId: id, points: sent }, 'samplingRun { id }');
  expect(await send(script, 'finishSampling', { samplingRunId: id })).toMatchObject(
    refusal('INVALID', 'samplingRunId', /unpruned network is missing/),
  );
  const sent = await Promise.all([put('1', points), put('1', [...points].reverse())]);
  for (const answer of sent) expect(answer).toMatchObject({ ok: true, samplingRun: { id } });
  expect(await platform.prisma.sentPoint.count()).toBe(4);
  // Under the same key another value is a mistake, under another one it takes the place of the first.
  const better = point(first, 0.25, 81);
  expect(await put('1', [baseline, better, ...points.slice(2)])).toMatchObject(
    refusal('CONFLICT', 'key', /was 0\.8, is 0\.81/),
  );
  expect(await put('2', [better])).toMatchObject({ ok: true });
  // What is late and was heard already changes nothing.
  expect(await put('1', points)).toMatchObject({ ok: true });

  const finish = () => send(script, 'finishSampling', { samplingRunId: id }, SAMPLING);
  const done = await finish();
  const { samplingRun } = done;
  expect(samplingRun).toMatchObject({ state: 'DONE', baselineTop1: 0.9 });
  const { matrix } = samplingRun;
  expect(matrix.accuracy[0]).toEqual([0.81, 0.6]);
  expect(matrix.drop[0][0]).toBeCloseTo(0.09, 12);
  // 9 lost and none gained of 100 images.
  expect(matrix.standardError[0][0]).toBeCloseTo(Math.sqrt((0.09 - 0.0081) / 99), 12);
  const columns = matrix.grid.map((_: number, k: number) => {
    return matrix.contribution.reduce((sum: number, row: number[]) => sum + (row[k] ?? 0), 0);
  });
  for (const sum of columns) expect(sum).toBeCloseTo(1, 9);
  const inferred = samplingRun.points.nodes.filter(({ origin }: { origin: string }) => origin === 'INFERRED');
  expect(inferred).toHaveLength(groups.length * 2 - 3);
  for (const cell of inferred) expect(cell.top1).toBeLessThan(0.9);

  expect(await finish()).toEqual(done);
  expect(await put('3', [better])).toMatchObject({ ok: true });
  expect(await put('4', [point(first, 0.25, 82)])).toMatchObject(
    refusal('CONFLICT', 'points', /it is finished: .* was 0\.81, is 0\.82/),
  );
  expect(await create()).toMatchObject({ ok: true, samplingRun: { id, state: 'DONE' } });
});

it('the matrices do not care what the metric is', async () => {
  const { script, input } = await place(await startPlatform());
  const metric = { name: 'perplexity', direction: 'LOWER' };
  const { samplingRun } = await send(script, 'createSampling', { ...input, metric }, SAMPLING);
  const { id, groups } = samplingRun;
  const value = (group: string | null, removed: number, of: number) => {
    return { group, removed, value: of, images: IMAGES, standardError: 0.5 };
  };
  const sent = [value(null, 0, 10), value(groups[0].name, groups[0].width / 2, 14)];
  await send(script, 'putSamplePoints', { key: 'p', samplingRunId: id, points: sent });
  const { samplingRun: done } = await send(script, 'finishSampling', { samplingRunId: id }, SAMPLING);
  expect(done).toMatchObject({ state: 'DONE', baselineTop1: null, externalMetric: metric });
  expect(done.matrix.accuracy).toBe(null);
  expect(done.matrix.drop[0]).toEqual([2, 4]);
});

it('is the team’s alone, in its project, and goes whole', async () => {
  const platform = await startPlatform();
  const { editor, script, input } = await place(platform);
  const { samplingRun } = await send(script, 'createSampling', input, SAMPLING);
  const { id } = samplingRun;
  const list = `{ samplingRun(id: "${id}") { id } samplingRuns(filter: { origin: { in: [EXTERNAL] }, model: { in: ["${input.modelId}"] } }) { totalCount } }`;
  const there = { samplingRun: { id }, samplingRuns: { totalCount: 1 } };
  const none = { samplingRun: null, samplingRuns: { totalCount: 0 } };
  expect((await script.ask(list)).data).toEqual(there);
  const stranger = await platform.member('admin');
  const other = await producer(
    platform,
    editor,
    (await send(editor, 'createProject', { name: 'q' }, 'project { id }')).project.id,
  );
  for (const who of [stranger, other]) {
    expect((await who.ask(list)).data).toEqual(none);
    expect(await send(who, 'finishSampling', { samplingRunId: id })).toMatchObject(
      refusal('NOT_FOUND', 'samplingRunId', /no such sampling run/),
    );
  }
  // The same key in another team, with the same network and images, is another sampling.
  const theirs = await place(platform, await platform.member('editor'));
  const made = await send(theirs.script, 'createSampling', theirs.input, SAMPLING);
  expect(made.samplingRun.id).not.toBe(id);

  const put = { key: 'p', samplingRunId: id, points: [baseline] };
  expect(await send(script, 'putSamplePoints', put)).toMatchObject({ ok: true });
  const { errors } = await script.ask(
    `mutation { removeSampling(input: { samplingRunId: "${id}" }) { ok } }`,
  );
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect(await send(editor, 'removeSampling', { samplingRunId: id })).toMatchObject({ ok: true });
  expect((await script.ask(list)).data).toEqual(none);
  expect(await platform.prisma.sentPoint.count()).toBe(0);
  const anew = await send(script, 'createSampling', { ...input, samples: 50 }, SAMPLING);
  expect(anew).toMatchObject({ ok: true });
});

it('refuses what cannot be, by its field, and keeps nothing of it', async () => {
  const platform = await startPlatform();
  const { script, input } = await place(platform);
  const order = [{ group: 'none', units: [0] }];
  const wrong: [string, object, RegExp][] = [
    ['samples', { samples: 101 }, /1 to 100/],
    ['grid', { grid: '2' }, /outside/],
    ['criterion', { criterion: 'taylor' }, /send their order/],
    ['order.0.group', { criterion: 'mine', order }, /no prunable group "none"/],
    ['source.link', { source: { tool: 't', link: 'javascript:alert(1)' } }, /https/],
    ['source.tool', { source: { tool: ' ' } }, /name the tool/],
    ['metric.direction', { metric: { name: 'top1', direction: 'LOWER' } }, /more is better/],
  ];
  for (const [where, changed, message] of wrong) {
    const answer = await send(script, 'createSampling', { ...input, ...changed });
    expect(answer, where).toMatchObject(refusal('INVALID', where, message));
  }
  const { samplingRun } = await send(script, 'createSampling', input, SAMPLING);
  const [group] = samplingRun.groups;
  const good = { group: group.name, removed: group.width / 2, value: 0.5, images: IMAGES };
  const points: [string, object[], RegExp][] = [
    ['points', [], /1 to 1000/],
    ['points.0.group', [{ ...good, group: 'none' }], /no prunable group/],
    ['points.0.group', [{ ...good, group: null }], /name the group/],
    ['points.0.removed', [{ ...good, removed: 3 }], /the grid removes/],
    ['points.1.removed', [good, { ...good, value: 0.4 }], /twice/],
    ['points.0.images', [{ ...good, images: 50 }], /of 100 images/],
    ['points.0.value', [{ ...good, value: 93.1 }], /a share of images/],
    ['points.0.hits', [{ ...good, hits: 'AAAA' }], /13 bytes/],
    ['points.0.hits', [{ ...good, hits: hits(51) }], /51 of 100 images are right/],
    ['points.0.standardError', [{ ...good, standardError: -1 }], /below 0/],
  ];
  for (const [where, sent, message] of points) {
    const put = { key: 'p', samplingRunId: samplingRun.id, points: sent };
    const answer = await send(script, 'putSamplePoints', put);
    expect(answer, where).toMatchObject(refusal('INVALID', where, message));
  }
  expect(await platform.prisma.sentPoint.count()).toBe(0);
});
