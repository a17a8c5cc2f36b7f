import { appendEvent } from '@espalier/runs';
import { expect, it, onTestFinished } from 'vitest';
import { RunFollower } from '../../../packages/cli/src/remote/follow.ts';
import { Client } from '../../../packages/client/src/index.ts';
import { brokenLine } from './broken-line.ts';
import { startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

it('the command follows runs over a line that breaks, behind the last event: none is lost, none comes twice', async () => {
  const platform = await startPlatform();
  const { address, member, prisma } = platform;
  const editor = await member('editor');
  await experiment(platform, editor.teamId);
  const { data } = await editor.ask(
    'mutation { startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform", criterion: "random" }], targets: [{ share: 0.5 }], seeds: [1, 2] }) { runs { id } } }',
  );
  const runIds: string[] = data.startRuns.runs.map(({ id }: { id: string }) => id);
  const happen = async (times: number) => {
    for (let i = 0; i < times; i++) {
      for (const id of runIds) {
        await prisma.$transaction((transaction) =>
          appendEvent(transaction, id, { kind: 'warning', text: 'w' }),
        );
      }
    }
  };
  const line = await brokenLine(address);
  const told = new Map<string, number[]>(runIds.map((id) => [id, []]));
  const follower = new RunFollower(new Client({ address: line.address, key: editor.key }), ({ runId, seq }) =>
    told.get(runId)?.push(seq),
  );
  onTestFinished(() => follower.close());
  for (const id of runIds) follower.follow(id);
  /** Until all that happened is told. */
  const upToDate = async () => {
    for (const [runId, seqs] of told) {
      const count = await prisma.runEvent.count({ where: { runId } });
      await expect.poll(() => seqs.length, { timeout: 15_000 }).toBeGreaterThanOrEqual(count);
    }
  };
  await upToDate();
  // While it is up, in the middle of a message, and with what happens while there is no line.
  await happen(2);
  line.cut();
  await happen(3);
  await upToDate();
  line.cutNext();
  await happen(2);
  await upToDate();
  line.cut();
  await happen(1);
  await editor.ask(`mutation { cancelRuns(input: { ids: ${JSON.stringify(runIds)} }) { ok } }`);
  await follower.told();

  for (const [runId, seqs] of told) {
    const events = await prisma.runEvent.findMany({ where: { runId }, orderBy: { seq: 'asc' } });
    expect(seqs).toEqual(events.map(({ seq }) => seq));
    // Each connection but the first said where it was, and nothing that was told was sent again.
    const asked = line.sent.filter((text) => text.includes(runId));
    expect(asked.length).toBeGreaterThanOrEqual(3);
    const places = asked.map((text) => /last-event-id: (.*)\r\n/i.exec(text)?.[1] ?? null);
    expect(places[0]).toBe(null);
    for (const place of places.slice(1)) expect(place).toMatch(new RegExp(`^${runId}\\.[1-9]\\d*$`));
  }
});
