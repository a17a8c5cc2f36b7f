import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

it('tags and notes are written on many at once, or on none', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  const { runIds, experimentIds, modelIds } = await fillTeam(prisma, editor.teamId, { runs: 4 });
  await prisma.run.updateMany({ data: { tags: [] } });
  const ids = [runIds[0], runIds[1], experimentIds[1], modelIds[0]];
  const change = async (name: string, rest: object, of: unknown[] = ids) =>
    (
      await editor.ask(
        `mutation ($ids: [ID!]!, $tags: [String!]!, $notes: String!) {
          ${name}(input: { ids: $ids, ${name === 'setNotes' ? 'notes: $notes' : 'tags: $tags'} }) {
            ok errors { message path } nodes { id __typename ... on Run { tags notes } ... on Model { tags notes } } } }`.replace(
          name === 'setNotes' ? '$tags: [String!]!, ' : ', $notes: String!',
          '',
        ),
        { ids: of, ...rest },
      )
    ).data[name];
  const set = await change('setTags', { tags: [' paper', 'b', 'b'] });
  expect(set.nodes[0]).toEqual({
    id: runIds[0],
    __typename: 'Run',
    tags: ['b', 'paper'],
    notes: expect.any(String),
  });
  expect(set.nodes.map((node: { __typename: string }) => node.__typename)).toEqual([
    'Run',
    'Run',
    'Experiment',
    'Model',
  ]);
  await change('addTags', { tags: ['a', 'b'] }, [runIds[0]]);
  await change('removeTags', { tags: ['paper', 'none'] }, [runIds[1]]);
  await change('setNotes', { notes: 'seen' }, [modelIds[0]]);
  const tags = async () =>
    (await editor.ask('{ tags { nodes { tag runs experiments models } } }')).data.tags.nodes;
  const counted = [
    { tag: 'a', runs: 1, experiments: 0, models: 0 },
    { tag: 'b', runs: 2, experiments: 1, models: 1 },
    { tag: 'paper', runs: 1, experiments: 2, models: 1 },
  ];
  expect(await tags()).toEqual(counted);
  expect((await prisma.model.findUniqueOrThrow({ where: { id: modelIds[0] ?? '' } })).notes).toBe('seen');
  const entries = await prisma.auditEntry.groupBy({
    by: ['action'],
    where: { OR: [{ action: { startsWith: 'tags.' } }, { action: { startsWith: 'notes.' } }] },
    _count: true,
    orderBy: { action: 'asc' },
  });
  expect(entries.map(({ action, _count }) => [action, _count])).toEqual([
    ['notes.set', 1],
    ['tags.add', 1],
    ['tags.remove', 1],
    ['tags.set', 4],
  ]);
  for (const [wrong, message] of [
    [{ tags: [''] }, 'a tag is not empty'],
    [{ tags: ['x'.repeat(51)] }, 'a tag has at most 50 characters'],
    [{ tags: Array.from({ length: 31 }, (_, i) => `t${i}`) }, 'at most 30 tags each'],
  ] as const) {
    for (const name of ['setTags', 'addTags', 'removeTags']) {
      expect((await change(name, wrong)).errors[0].message, name).toBe(message);
    }
  }
  const missing = await change('setTags', { tags: ['x'] }, [runIds[0], 'run_none']);
  expect(missing.errors).toEqual([{ message: 'there is no such run', path: ['ids'] }]);
  expect(await tags()).toEqual(counted);
});

it("a view is a person's own or the team's", async () => {
  const { member, signedIn } = await startPlatform();
  const editor = await member('editor');
  // Their keys may read, and nothing else.
  const viewer = await signedIn((await member('viewer', editor.teamId)).userId);
  const create = async (who: Pick<typeof editor, 'ask'>, name: string, shared: boolean) =>
    who.ask(
      'mutation ($input: CreateSavedViewInput!) { createSavedView(input: $input) { errors { message } savedView { id state } } }',
      { input: { name, page: 'runs', state: { sort: ['top1'] }, shared } },
    );
  const own = (await create(viewer, 'Mine', false)).data.createSavedView.savedView;
  expect(own.state).toEqual({ sort: ['top1'] });
  expect((await create(viewer, 'Ours', true)).errors[0].extensions.code).toBe('FORBIDDEN');
  const ours = (await create(editor, 'Ours', true)).data.createSavedView.savedView;
  // Names are told apart among those that one person sees as one kind.
  expect((await create(viewer, 'mine', false)).data.createSavedView.errors[0].message).toMatch(/is taken/);
  expect((await create(editor, 'Mine', false)).data.createSavedView.errors).toEqual([]);
  const names = async (who: Pick<typeof editor, 'ask'>) =>
    (
      await who.ask(
        '{ savedViews(filter: { page: { in: ["runs"] } }) { nodes { name shared viewerCanEdit } } }',
      )
    ).data.savedViews.nodes;
  expect(await names(viewer)).toEqual([
    { name: 'Mine', shared: false, viewerCanEdit: true },
    { name: 'Ours', shared: true, viewerCanEdit: false },
  ]);
  const rename = (id: string) =>
    `mutation { updateSavedView(input: { id: "${id}", name: "New", state: { a: 1 } }) { errors { message } savedView { name state } } }`;
  expect((await editor.ask(rename(own.id))).data.updateSavedView.errors[0].message).toBe(
    'there is no such saved view',
  );
  expect((await viewer.ask(rename(ours.id))).errors[0].extensions.code).toBe('FORBIDDEN');
  expect((await viewer.ask(rename(own.id))).data.updateSavedView.savedView).toEqual({
    name: 'New',
    state: { a: 1 },
  });
  expect((await viewer.ask(`{ node(id: "${ours.id}") { __typename id } }`)).data.node).toEqual({
    __typename: 'SavedView',
    id: ours.id,
  });
  const stranger = await member('admin');
  expect(await names(stranger)).toEqual([]);
  await viewer.ask(`mutation { deleteSavedView(input: { id: "${own.id}" }) { ok } }`);
  expect(await names(viewer)).toHaveLength(1);
});

it('nodes come in the order of their ids, structures as columns', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  const filled = await fillTeam(prisma, viewer.teamId, { runs: 60 });
  const { data } = await viewer.ask(
    `{ runs(first: 1, filter: { state: { in: [FINISHED] } }) { nodes { id } } }`,
  );
  const runId = data.runs.nodes[0].id;
  const ask = (ids: readonly unknown[]) =>
    viewer.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }', { ids });
  const { data: found } = await ask([
    filled.datasetIds[0],
    'run_none',
    'nonsense',
    runId,
    filled.projectIds[1],
  ]);
  expect(found.nodes).toEqual([
    { id: filled.datasetIds[0], __typename: 'Dataset' },
    null,
    null,
    { id: runId, __typename: 'Run' },
    { id: filled.projectIds[1], __typename: 'Project' },
  ]);
  const few = await statements(() => ask(filled.runIds.slice(0, 5)));
  const many = await statements(() => ask(filled.runIds.slice(0, 50)));
  expect(many.count).toBe(few.count);
  const { data: compared } = await viewer.ask(
    `{ structures(runIds: ["${runId}", "run_none"]) { run { id } groups before after } }`,
  );
  expect(compared.structures).toEqual([{ run: { id: runId }, groups: ['conv1'], before: [8], after: [4] }]);
});

it('text finds runs by their tags and those of their experiment, models and experiments by their own', async () => {
  const { member, prisma } = await startPlatform();
  const { teamId, ask } = await member('viewer');
  const { runIds, experimentIds, modelIds } = await fillTeam(prisma, teamId, { runs: 4 });
  await prisma.run.updateMany({ data: { tags: [] } });
  await prisma.run.update({ where: { id: runIds[2] ?? '' }, data: { tags: ['x', 'client-a'] } });
  await prisma.experiment.update({ where: { id: experimentIds[1] ?? '' }, data: { tags: ['baseline'] } });
  await prisma.model.update({ where: { id: modelIds[0] ?? '' }, data: { tags: ['Client-a'] } });
  const found = async (text: string) => {
    const each = (name: string) => `${name}(filter: { text: "${text}" }, first: 50) { nodes { id } }`;
    const { data } = await ask(`{ ${['runs', 'experiments', 'models'].map(each).join(' ')} }`);
    return ['runs', 'experiments', 'models'].map((name) =>
      data[name].nodes.map((one: { id: string }) => one.id),
    );
  };
  expect(await found('client-A')).toEqual([[runIds[2]], [], [modelIds[0]]]);
  const ofExperiment = await prisma.run.findMany({ where: { experimentId: experimentIds[1] ?? '' } });
  const [runs, experiments] = await found('baseline');
  expect(runs?.toSorted()).toEqual(ofExperiment.map(({ id }) => id).toSorted());
  expect(runs?.length).toBeGreaterThan(0);
  expect(experiments).toEqual([experimentIds[1]]);
});
