import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { commandIn } from './command.ts';
import { startPlatform } from './platform.ts';

const ADD = [
  ...['published', 'add', '--json', '--architecture', 'ResNet-20', '--method', 'L1', '--title', 'A report'],
  ...['--url', 'https://example.org/report', '--saved-macs', '0.5', '--unit', 'mac'],
];

it('the command sends again what it got no answer to, and it is carried out once', async () => {
  const { member, address, prisma } = await startPlatform();
  const editor = await member('editor');
  const line = await breakingLine(address, 2);
  const home = await mkdtemp(path.join(tmpdir(), 'espalier-again-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const espalier = commandIn(home, { ESPALIER_ADDRESS: line.address, ESPALIER_KEY: editor.key });
  const { code, stdout, stderr } = await espalier(...ADD);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(line.broken()).toBe(2);
  const own = await prisma.publishedResult.findMany({ where: { teamId: editor.teamId } });
  expect(own.map(({ id }) => id)).toEqual([JSON.parse(stdout).id]);
}, 30_000);

/** In front of a platform: the first so many answers never arrive. */
async function breakingLine(to: string, times: number) {
  let broken = 0;
  const server = createServer(async (request, response) => {
    const { url = '/', method, socket } = request;
    const { authorization = '' } = request.headers;
    const sent = await fetch(new URL(url, to), {
      ...(method ? { method } : {}),
      headers: { authorization, 'content-type': 'application/json' },
      body: await text(request),
    });
    const answer = await sent.text();
    if (broken < times) {
      broken++;
      socket.destroy();
    } else response.writeHead(sent.status, { 'content-type': 'application/json' }).end(answer);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const at = server.address();
  if (typeof at !== 'object' || at === null) throw new Error('no port');
  return { address: `http://127.0.0.1:${at.port}`, broken: () => broken };
}
