import { appendEvent } from '@espalier/runs';
import { expect, it, onTestFinished } from 'vitest';
import { brokenLine } from '../../apps/api/test/broken-line.ts';
import { startPlatform } from '../../apps/api/test/platform.ts';
import { experiment } from '../../apps/api/test/rows.ts';
import { launchBrowser } from './browser.ts';

it("a browser's EventSource follows a run by its address, and goes on by itself where the line breaks", async () => {
  const platform = await startPlatform();
  const { address, member, prisma } = platform;
  const editor = await member('editor');
  await experiment(platform, editor.teamId);
  const { data } = await editor.ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform" }], targets: [{ share: 0.5 }] }) { runs { id } } }',
  );
  const [{ id: runId }] = data.startRuns.runs;
  const happen = () =>
    prisma.$transaction((transaction) => appendEvent(transaction, runId, { kind: 'warning', text: 'w' }));
  const line = await brokenLine(address);
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${line.address}${await platform.signInLink(editor.userId)}`);
  await page.goto(`${line.address}/ide`);
  const query = `subscription { runEvents(runId: "${runId}") { seq } }`;
  // What a page would do, and nothing more.
  await page.evaluate(
    (url) => {
      const source = new EventSource(url);
      const told: unknown[] = [];
      source.addEventListener('next', (message) =>
        told.push(JSON.parse(Reflect.get(message, 'data')).data.runEvents.seq),
      );
      source.addEventListener('complete', () => {
        source.close();
        told.push('complete');
      });
      Object.assign(globalThis, { told });
    },
    `/graphql/stream?${new URLSearchParams({ query })}`,
  );
  const told = () => page.evaluate(() => Reflect.get(globalThis, 'told'));
  await expect.poll(told).toEqual([1]);
  await happen();
  await expect.poll(told).toEqual([1, 2]);
  line.cut();
  await happen();
  await happen();
  await expect.poll(told, { timeout: 20_000 }).toEqual([1, 2, 3, 4]);
  line.cutNext();
  await happen();
  await happen();
  await expect.poll(told, { timeout: 20_000 }).toEqual([1, 2, 3, 4, 5, 6]);
  await editor.ask(`mutation { cancelRuns(input: { ids: ["${runId}"] }) { ok } }`);
  await expect.poll(told, { timeout: 20_000 }).toEqual([1, 2, 3, 4, 5, 6, 7, 'complete']);
}, 90_000);
