import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ask } from './ask.ts';
import { graphql } from './graphql.ts';

const document = graphql('query Nobody { viewer { role } }');

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const patience = () => ({ signal: AbortSignal.timeout(200) });

it('an API that takes the question and never answers is told as one that does not answer', async () => {
  const silent = await listening(() => {});
  await expect(ask(silent, document, {}, patience())).rejects.toMatchObject({
    ...{ name: 'ApiError', code: 'UNREACHABLE' },
  });
});

it('so is one that stops in the middle of its answer', async () => {
  const halting = await listening((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data": {');
  });
  await expect(ask(halting, document, {}, patience())).rejects.toMatchObject({
    ...{ name: 'ApiError', code: 'UNREACHABLE' },
  });
});

it('what the page itself gives up is no error of the API', async () => {
  const silent = await listening(() => {});
  const stopped = new AbortController();
  const asked = ask(silent, document, {}, { signal: stopped.signal });
  stopped.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
});
