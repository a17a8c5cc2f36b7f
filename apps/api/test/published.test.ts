import { shippedResults } from '@espalier/comparison';
import { expect, it } from 'vitest';
import { type Member, startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const OURS = {
  ...{ architecture: 'ResNet-20', dataset: 'CIFAR-10', method: 'Ours', title: 'A report', year: 2026 },
  ...{ url: 'https://example.org/report', unit: 'TWO_PER_MAC', accounting: 'Counts the head twice.' },
  ...{ baseTop1: 0.91, top1: 0.9, savedMacs: 0.5, note: 'Table 2' },
};
/** Not who came. */
const CHANGES = { action: { not: 'api-key.use' } };
const ADD = `mutation ($input: AddPublishedResultInput!) {
  addPublishedResult(input: $input) { ok errors { message path } publishedResult { id shipped createdBy { name } } } }`;

const add = async (member: Member, input: object) =>
  (await member.ask(ADD, { input })).data.addPublishedResult;
const list = async (member: Member, filter: object) =>
  (
    await member.ask(
      'query ($filter: PublishedResultFilter!) { publishedResults(filter: $filter, first: 100) { totalCount nodes { id shipped architecture dataset method title year url unit accounting baseTop1 top1 top5 savedMacs savedParams note createdAt viewerCanRemove } } }',
      { filter },
    )
  ).data.publishedResults;

it('shows what is shipped and what the team wrote down in one list, page by page', async () => {
  const { member } = await startPlatform();
  const editor = await member('editor');
  expect((await add(editor, OURS)).ok).toBe(true);
  const all = await list(editor, {});
  expect(all.totalCount).toBe(shippedResults().length + 1);
  const subjects = all.nodes.map(({ architecture, dataset, method }: Record<string, string | null>) =>
    [architecture, dataset ?? '', method].join('\t').toLowerCase(),
  );
  expect(new Set(subjects.map((subject: string) => subject.split('\t')[0])).size).toBeGreaterThan(5);
  const pages: string[] = [];
  for (let after: string | null = null, more = true; more; ) {
    const { data }: Awaited<ReturnType<Member['ask']>> = await editor.ask(
      'query ($after: String) { publishedResults(first: 7, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    pages.push(...data.publishedResults.nodes.map(({ id }: { id: string }) => id));
    after = data.publishedResults.pageInfo.endCursor;
    more = data.publishedResults.pageInfo.hasNextPage;
  }
  expect(pages).toEqual(all.nodes.map(({ id }: { id: string }) => id));

  const ours = await list(editor, { architecture: { in: ['resnet20'] }, dataset: { in: ['cifar10'] } });
  expect(ours.nodes).toEqual([
    {
      ...{ ...OURS, id: expect.stringMatching(/^pub_/), shipped: false, top5: null, savedParams: null },
      ...{ createdAt: expect.any(String), viewerCanRemove: true },
    },
  ]);
  const chip = await list(editor, { architecture: { in: ['ResNet-56'] }, text: 'channel independence' });
  expect(chip.nodes.map(({ savedMacs }: { savedMacs: number }) => savedMacs).sort()).toEqual([0.474, 0.741]);
  expect(chip.nodes[0]).toMatchObject({ shipped: true, createdAt: null, viewerCanRemove: false });
  expect((await list(editor, { architecture: { in: [] } })).totalCount).toBe(0);

  const { data } = await editor.ask('{ publishedSubjects { architecture dataset results } }');
  expect(data.publishedSubjects).toContainEqual({
    architecture: 'ResNet-20',
    dataset: 'CIFAR-10',
    results: 1,
  });
  expect(data.publishedSubjects).toContainEqual({ architecture: 'VGG-19', dataset: null, results: 1 });
  const total = data.publishedSubjects.reduce(
    (sum: number, one: { results: number }) => sum + one.results,
    0,
  );
  expect(total).toBe(all.totalCount);
});

it('names the field that cannot be taken', async () => {
  const { member, prisma } = await startPlatform();
  const editor = await member('editor');
  for (const [edits, field, says] of [
    [{ top1: 90 }, 'top1', /not per cent/],
    [{ method: '' }, 'method', /give it/],
    [{ url: null }, 'url', /give a reference/],
    [{ savedMacs: null }, 'savedMacs', /share of MACs or of params/],
    [{ url: 'ftp://example.org' }, 'url', /https/],
  ] as const) {
    const { ok, errors } = await add(editor, { ...OURS, ...edits });
    expect({ ok, path: errors[0]?.path }).toEqual({ ok: false, path: [field] });
    expect(errors[0].message).toMatch(says);
  }
  expect(await prisma.publishedResult.count()).toBe(0);
  expect(await prisma.auditEntry.count({ where: CHANGES })).toBe(0);
});

it('a removed one is in the trash and comes back; what is shipped stays', async () => {
  const { member, prisma } = await startPlatform();
  const admin = await member('admin');
  const { publishedResult: published } = await add(admin, OURS);
  expect(published).toMatchObject({ shipped: false, createdBy: { name: 'Somebody' } });
  const remove = async (id: string) =>
    (await admin.ask(`mutation { removePublishedResult(input: { id: "${id}" }) { ok errors { message } } }`))
      .data.removePublishedResult;
  const shippedId = shippedResults()[0]?.id ?? '';
  expect(await remove(shippedId)).toEqual({
    ok: false,
    errors: [{ message: 'there is no such published result' }],
  });
  expect((await admin.ask(`{ node(id: "${shippedId}") { __typename } }`)).data.node).toEqual({
    __typename: 'PublishedResult',
  });
  expect(await remove(published.id)).toEqual({ ok: true, errors: [] });
  expect((await list(admin, { text: 'A report' })).totalCount).toBe(0);
  expect((await admin.ask(`{ node(id: "${published.id}") { id } }`)).data.node).toBe(null);
  expect((await admin.ask('{ trash { nodes { reference name } } }')).data.trash.nodes).toEqual([
    { reference: published.id, name: 'Ours on ResNet-20' },
  ]);
  await admin.ask(`mutation { restore(input: { ids: ["${published.id}"] }) { ok } }`);
  expect((await list(admin, { text: 'A report' })).totalCount).toBe(1);
  await remove(published.id);
  const purged = await admin.ask(
    `mutation { purge(input: { ids: ["${published.id}"] }) { ok purged { rows } } }`,
  );
  expect(purged.data.purge).toMatchObject({ ok: true, purged: { rows: 1 } });
  expect(await prisma.publishedResult.count()).toBe(0);
  const actions = (await prisma.auditEntry.findMany({ where: CHANGES, orderBy: { id: 'asc' } })).map(
    ({ action }) => action,
  );
  expect(actions).toEqual([
    ...['publishedresult.add', 'publishedresult.delete', 'publishedresult.restore', 'publishedresult.delete'],
    'purge',
  ]);
});

it("is another team's own affair", async () => {
  const { member } = await startPlatform();
  const [editor, stranger] = [await member('editor'), await member('admin')];
  const { publishedResult: published } = await add(editor, { ...OURS, architecture: 'Secret' });
  expect((await list(stranger, { architecture: { in: ['Secret'] } })).totalCount).toBe(0);
  const { data } = await stranger.ask(
    `mutation { removePublishedResult(input: { id: "${published.id}" }) { ok errors { message } } }`,
  );
  expect(data.removePublishedResult.errors[0].message).toBe('there is no such published result');
  const others = await stranger.ask('{ publishedSubjects { architecture } }');
  expect(
    others.data.publishedSubjects.map((one: { architecture: string }) => one.architecture),
  ).not.toContain('Secret');
  expect((await list(editor, { architecture: { in: ['Secret'] } })).totalCount).toBe(1);
});

it('in a comparison they stand beside the runs, and nothing is ranked', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  const filled = await fillTeam(prisma, viewer.teamId, { runs: 40 });
  const [experimentId] = filled.experimentIds;
  const ask = (published: string) =>
    viewer.ask(
      `{ comparison(filter: { experiment: { in: ["${experimentId}"] } }) {
        comparability${published} { verdict published results reasons { rule text } } } }`,
    );
  const alone = (await ask('')).data.comparison.comparability;
  expect(alone.published).toBe(0);
  expect(alone.reasons.map(({ rule }: { rule: string }) => rule)).not.toContain('PUBLISHED');
  const beside = (
    await ask('(published: { architecture: { in: ["ResNet-56"] }, dataset: { in: ["cifar10"] } })')
  ).data.comparison.comparability;
  expect(beside).toMatchObject({ verdict: 'NOT_COMPARABLE', published: 12, results: alone.results });
  expect(beside.reasons[0]).toEqual({
    rule: 'PUBLISHED',
    text: expect.stringMatching(/never ranked with them/),
  });
  // What is wrong among the runs themselves is told as before.
  expect(beside.reasons.slice(1)).toEqual(alone.reasons);
  const few = await statements(() => ask('(published: { architecture: { in: ["AlexNet"] } })'));
  const many = await statements(() => ask('(published: {})'));
  expect(many.count).toBe(few.count);
});
