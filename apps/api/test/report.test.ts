import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const NASTY = `<img src="https://evil.example/x.png" onerror="alert(1)"><script>alert(2)</script>`;

it('a report stands alone, says when and of what it was made, and has the numbers and the verdict of the pages', async () => {
  const { member, prisma, address } = await startPlatform();
  const viewer = await member('viewer');
  const stranger = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 60 });
  await fillTeam(prisma, stranger.teamId, { runs: 5, seed: 3 });
  const { data } = await viewer.ask(
    `{ runs(first: 100, filter: { state: { in: [FINISHED] } }) { nodes { id name experiment { id } } } }`,
  );
  const [run] = data.runs.nodes as { id: string; name: string; experiment: { id: string } }[];
  const experiment = run?.experiment.id ?? '';
  await prisma.experiment.update({ where: { id: experiment }, data: { name: NASTY } });
  await prisma.run.update({
    where: { id: run?.id ?? '' },
    data: { notes: 'a secret note', tags: ['secret-tag'] },
  });
  const report = async (path: string) => {
    const response = await viewer.fetch(`/files/report/${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    return [await response.text(), response.headers] as const;
  };
  const filter = `{ experiment: { in: ["${experiment}"] } }`;
  const { comparison } = (
    await viewer.ask(
      `{ comparison(filter: ${filter}) { comparability { verdict reasons { text } } columns { runId top1 networkHash } } }`,
    )
  ).data;
  const [page, headers] = await report(`experiments/${experiment}.html`);
  for (const each of [
    page,
    (await report(`runs/${run?.id}.html`))[0],
    (await report('comparison.html'))[0],
  ]) {
    // Nothing is fetched, nothing runs, whatever somebody called something.
    expect(each).not.toMatch(/<(script|img|link|iframe|object|embed|form|base|a)\b/i);
    expect(each).not.toMatch(/(?:src|href|srcset|action)\s*=\s*["']?https?:/i);
    expect(each).not.toMatch(/url\(|@import/);
    expect(each).not.toMatch(/<[^>]*\son\w+\s*=/i);
    expect(each).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(each).toContain('prefers-color-scheme: dark');
    expect(each).toContain('@media print');
    expect(each).not.toMatch(/secret/);
  }
  expect(page).toContain('&lt;img src=&quot;https://evil.example/x.png&quot;');
  expect(page).toContain(
    `class="verdict ${comparison.comparability.verdict.toLowerCase().replaceAll('_', '-')}"`,
  );
  for (const { text } of comparison.comparability.reasons) {
    expect(page.replaceAll(/&(quot|#39|amp|lt|gt);/g, '?')).toContain(text.replaceAll(/["'&<>]/g, '?'));
  }
  const { columns } = comparison as {
    columns: { runId: string[]; top1: (number | null)[]; networkHash: (string | null)[] };
  };
  const known = columns.runId.filter((_, at) => columns.networkHash[at] !== null);
  expect(known.length).toBeGreaterThan(1);
  for (const [at, id] of columns.runId.entries()) {
    if (columns.networkHash[at] === null) continue;
    expect(page).toContain(id);
    expect(page).toContain(columns.networkHash[at]);
    const top1 = columns.top1[at] ?? null;
    if (top1 !== null) expect(page).toContain(`${(top1 * 100).toFixed(2)} %`);
  }
  expect(page.match(/<svg viewBox/g)?.length).toBeGreaterThan(1);
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="experiment-\d{8}-\d{6}\.html"$/);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
  // The same results have the same hash, others have another one.
  const hash = (text: string) => /of the report<\/dt><dd><code>([0-9a-f]{64})/.exec(text)?.[1];
  expect(hash(page)).toBeDefined();
  expect(hash((await report(`experiments/${experiment}.html`))[0])).toBe(hash(page));
  await prisma.prunedResult.updateMany({
    where: { run: { experimentId: experiment } },
    data: { top1: 0.123456 },
  });
  expect(hash((await report(`experiments/${experiment}.html`))[0])).not.toBe(hash(page));

  expect((await fetch(`${address}/files/report/runs/${run?.id}.html`)).status).toBe(401);
  for (const path of [`runs/${run?.id}.html`, `experiments/${experiment}.html`, 'runs/run_none.html']) {
    expect((await stranger.fetch(`/files/report/${path}`)).status).toBe(404);
  }
  const theirs = await stranger.fetch(
    `/files/report/comparison.html?filter={"experiment":{"in":["${experiment}"]}}`,
  );
  expect(await theirs.text()).toContain('0 of 0 runs have finished');
  expect((await viewer.fetch('/files/report/comparison.html?filter={')).status).toBe(400);
  expect((await viewer.fetch('/files/report/comparison.html?x=1')).status).toBe(400);
});
