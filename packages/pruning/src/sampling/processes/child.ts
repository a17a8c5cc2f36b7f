import { openEngine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { channelMap } from '@espalier/network';
import type { SweepExecutor } from '../executor.ts';
import { plannedExecutor } from '../planned/executor.ts';
import type { FromChild, Setup, Task, ToChild } from './messages.ts';

/**
 * The inside of a sweep process: one planned executor, fed block by block. It holds nothing that would be
 * lost, so it simply ends with its parent.
 */
let executor: SweepExecutor | undefined;

const answer = (message: FromChild) => process.send?.(message);

async function setUp(setup: Setup) {
  const { engine, threads, network, allowInexact, rankings, rows, output, measure, batch, plan } = setup;
  const map = channelMap(network, { allowInexact });
  const groups = new Map(map.groups.map((group) => [group.id, group]));
  executor = plannedExecutor({
    engine: await openEngine(engine, { threads }),
    network,
    map,
    rankings: rankings.map(({ group: id, order }) => {
      const group = groups.get(id);
      if (!group) throw new Error(`there is no channel group "${id}"`);
      return { group, order, scores: new Float64Array(order.length) };
    }),
    rows,
    output,
    measure,
    batch,
    ...plan,
  });
  answer({ kind: 'ready' });
}

async function perform({ block, work }: Task) {
  if (!executor) throw new Error('a task came before the set-up');
  const onImages = (count: number) => answer({ kind: 'images', count });
  for await (const scores of executor.run(block, work, { onImages })) answer({ kind: 'row', scores });
  answer({ kind: 'done' });
}

process.on('message', (message: ToChild) => {
  const handled = message.kind === 'setup' ? setUp(message) : perform(message);
  handled.catch((error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    const bad = error instanceof InputError;
    answer({ kind: 'failed', message: text, bad, field: bad ? error.field : undefined });
  });
});
// Ctrl-C reaches the whole process group; the parent decides what happens to it.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
