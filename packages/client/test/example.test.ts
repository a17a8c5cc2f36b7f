import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startPlatform } from '../../../apps/api/test/platform.ts';
import { fillByHand } from '../../../apps/api/test/strategies-data.ts';

const EXAMPLE = fileURLToPath(new URL('example.ts', import.meta.url));
const README = fileURLToPath(new URL('../README.md', import.meta.url));

it('the example of the README runs', async () => {
  expect(await readFile(README, 'utf8')).toContain(`\`\`\`ts\n${await readFile(EXAMPLE, 'utf8')}\`\`\`\n`);
  const { address, member, prisma } = await startPlatform();
  const { key, teamId } = await member('editor');
  await fillByHand(prisma, teamId);
  const env = { ...process.env, ESPALIER_ADDRESS: address, ESPALIER_KEY: key };
  const run = () => promisify(execFile)(process.execPath, ['--import', 'tsx', EXAMPLE], { env });
  const finished = await prisma.run.findMany({ where: { state: 'finished' } });
  const { stdout } = await run();
  expect(stdout.trim().split('\n')).toHaveLength(finished.length);
  expect(await prisma.run.count({ where: { notes: 'the smallest so far' } })).toBe(1);
});
