import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

type Row = Record<string, unknown>;

it('exports hold what the query answers, in its order', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 120 });
  await fillTeam(prisma, (await member('viewer')).teamId, { runs: 10, seed: 3 });
  const filter = { allocation: { in: ['cie', 'uniform'] }, share: { max: 0.7 } };
  const order = { by: 'DROP', direction: 'ASC' };
  const names = (await viewer.ask('{ __type(name: "ComparisonColumns") { fields { name } } }')).data.__type
    .fields as { name: string }[];
  const { data } = await viewer.ask(
    `query ($filter: RunFilter!, $order: RunOrder) { comparison(filter: $filter, order: $order) {
      count columns { ${names.map(({ name }) => (name === 'runId' ? 'id: runId' : name)).join(' ')} } } }`,
    { filter, order },
  );
  const { count, columns } = data.comparison;
  expect(count).toBeGreaterThan(20);
  const wanted = Array.from({ length: count }, (_, i) =>
    Object.fromEntries(Object.entries(columns as Record<string, unknown[]>).map(([k, v]) => [k, v[i]])),
  );
  const query = new URLSearchParams({ filter: JSON.stringify(filter), order: JSON.stringify(order) });

  const ndjson = await viewer.fetch(`/files/export/runs.ndjson?${query}`);
  expect(ndjson.headers.get('content-disposition')).toMatch(
    /^attachment; filename="runs-\d{8}-\d{6}\.ndjson"$/,
  );
  const lines = (await ndjson.text()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(wanted);

  const csv = await viewer.fetch(`/files/export/runs.csv?${query}`);
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const rows: Row[] = parse(await csv.text(), { columns: true });
  expect(rows.map((row) => (row.top1 === '' ? null : Number(row.top1)))).toEqual(columns.top1);
  expect(rows.map(({ id }) => id)).toEqual(columns.id);
  // Text that a spreadsheet would compute is text; a negative number stays one.
  const formulas = wanted.filter(({ notes }) => notes === '=cmd()');
  expect(formulas.length).toBeGreaterThan(0);
  expect(rows.filter(({ notes }) => notes === "'=cmd()")).toHaveLength(formulas.length);
  for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+@]/);
  const drops = rows.flatMap((row) => (row.drop === '' ? [] : [Number(row.drop)]));
  expect(drops).toEqual((columns.drop as (number | null)[]).filter((drop) => drop !== null));
  expect(Math.min(...drops)).toBeLessThan(0);

  const few = await viewer.fetch(
    '/files/export/runs.csv?columns=id,tags&filter={"tag":{"all":["=1%2B1","keep"]}}',
  );
  const [head, ...lists] = (await few.text()).trimEnd().split('\n');
  expect(head).toBe('id,tags');
  expect(lists.length).toBeGreaterThan(0);
  for (const line of lists) expect(line).toMatch(/,(paper; )?keep; (odd%one; )?=1\+1$/);
});

it('each table is there for a paper, with what people typed as text', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 40 });
  await fillTeam(prisma, (await member('viewer')).teamId, { runs: 10, seed: 3 });
  const [model] = await prisma.model.findMany({ where: { teamId: viewer.teamId }, take: 1 });
  await prisma.model.update({ where: { id: model?.id ?? '' }, data: { name: 'a | b & 50% <b>_x' } });
  const text = async (path: string) => {
    const response = await viewer.fetch(`/files/export/${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    return [(await response.text()).trimEnd().split('\n'), response.headers.get('content-type')] as const;
  };
  const finished = `filter=${encodeURIComponent('{"state":{"in":["FINISHED"]}}')}`;
  const count = (await text(`runs.csv?${finished}`))[0].length - 1;
  expect(count).toBeGreaterThan(5);
  const [markdown, asMarkdown] = await text(`runs.md?${finished}`);
  expect(asMarkdown).toBe('text/markdown; charset=utf-8');
  expect(markdown).toHaveLength(count + 2);
  expect(markdown[0]).toMatch(
    /^\| Model \| Strategy \| To remove \| Of \| Seed \| Judged by \| Value \| Change \|/,
  );
  for (const line of markdown) expect(line.match(/(?<!\\)\|/g)).toHaveLength(15);
  expect(markdown.join('\n')).toContain('| a \\| b &amp; 50% \\<b\\>\\_x |');
  const [latex, asLatex] = await text(`runs.tex?${finished}&columns=model,top1`);
  expect(asLatex).toBe('application/x-tex; charset=utf-8');
  expect(latex.slice(1, 5)).toEqual(['\\begin{tabular}{lr}', '\\toprule', 'Model & Top-1 \\\\', '\\midrule']);
  expect(latex.join('\n')).toMatch(
    /^a \\textbar\{\} b \\& 50\\% \\textless\{\}b\\textgreater\{\}\\_x & [\d.]+ \\% \\\\$/m,
  );
  expect(latex).toHaveLength(5 + count + 2);

  for (const table of ['summary', 'front', 'compression', 'strategies']) {
    const [rows] = await text(`${table}.csv`);
    const [lines] = await text(`${table}.md`);
    const [tabular] = await text(`${table}.tex`);
    expect(rows.length).toBeGreaterThan(1);
    expect(lines.length).toBeGreaterThan(2);
    expect(tabular).toHaveLength(lines.length - 2 + 7);
    const columns = lines[0]?.match(/(?<!\\)\|/g)?.length ?? 0;
    for (const line of lines) expect(line.match(/(?<!\\)\|/g)).toHaveLength(columns);
  }
  const { data } = await viewer.ask('{ compression { rows { networks best { top1 run { id } } } } }');
  const best = data.compression.rows.flatMap(({ best }: { best: ({ run: { id: string } } | null)[] }) =>
    best.map((one) => one?.run.id ?? ''),
  );
  const rows: Row[] = parse(await (await viewer.fetch('/files/export/compression.csv')).text(), {
    columns: true,
  });
  expect(rows.map(({ runId }) => runId)).toEqual(best);
  const ranks = (
    await viewer.ask(
      '{ analysis { groups(first: 20) { ranks { strategies { strategy { key } meanRank points { mean n } } } } } }',
    )
  ).data.analysis.groups as { ranks: { strategies: { points: ({ mean: number } | null)[] }[] } }[];
  const means = ranks.flatMap(({ ranks: { strategies } }) =>
    strategies.flatMap(({ points }) => points.flatMap((point) => point?.mean ?? [])),
  );
  const told: Row[] = parse(await (await viewer.fetch('/files/export/strategies.csv')).text(), {
    columns: true,
  });
  expect(told.map(({ valueMean }) => Number(valueMean))).toEqual(means);
});

it('an export that nobody may have, or that makes no sense, says why', async () => {
  const { member, address } = await startPlatform();
  const viewer = await member('viewer');
  const answer = async (path: string) => {
    const response = await viewer.fetch(`/files/export/${path}`);
    return [response.status, ((await response.json()) as { error: string }).error];
  };
  expect((await fetch(`${address}/files/export/runs.csv`)).status).toBe(401);
  expect(await answer('runs.xls')).toEqual([404, 'there is runs.csv, runs.ndjson, runs.md, runs.tex']);
  expect(await answer('compression.tex?budgets=0.01,2')).toEqual([
    400,
    'a budget is a fraction from 0 to 1, not 2: 0.01 is one point',
  ]);
  expect(await answer('compression.md?metric=watts')).toEqual([
    400,
    expect.stringMatching(/^metric is of params/),
  ]);
  expect(await answer('strategies.md?order={}')).toEqual([
    400,
    'there is no parameter order; known are filter',
  ]);
  expect(await answer('runs.csv?filter={')).toEqual([400, 'filter is not JSON']);
  expect(await answer('runs.csv?filter={"seed":{"in":["x"]}}')).toEqual([
    400,
    'filter.seed.in.0: Int cannot represent non-integer value: "x"',
  ]);
  expect(await answer('runs.csv?order={"by":"colour"}')).toEqual([
    400,
    expect.stringMatching(/^order\.by: Value "colour" does not exist/),
  ]);
  expect(await answer('runs.csv?columns=id,colour')).toEqual([
    400,
    expect.stringMatching(/^there is no column "colour"; known are id, name/),
  ]);
  expect(await answer('runs.csv?colour=1')).toEqual([
    400,
    'there is no parameter colour; known are filter, order and columns',
  ]);
});

it('readers that leave early or are too many do not use up the connections', async () => {
  const { member, prisma, connections } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 5 });
  // More than the buffers of a connection that nobody reads hold.
  await prisma.run.updateMany({ data: { notes: 'long '.repeat(400_000) } });
  const path = '/files/export/runs.ndjson?columns=notes';
  for (let i = 0; i < 12; i++) {
    const leaving = new AbortController();
    const response = await viewer.fetch(path, { signal: leaving.signal });
    if (response.status === 503) {
      expect(response.headers.get('retry-after')).toBe('5');
      await response.text();
    }
    leaving.abort();
  }
  await expect.poll(() => connections().busy, { timeout: 60_000 }).toBe(0);
  const whole = await viewer.fetch('/files/export/runs.ndjson?columns=id');
  expect((await whole.text()).trimEnd().split('\n')).toHaveLength(5);
});
