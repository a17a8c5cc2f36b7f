import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Client, Refused } from './client.ts';
import { graphql } from './graphql.ts';

const query = graphql('query Viewer { viewer { role } }');
const rename = graphql(`
  mutation Rename($input: RenameInput!) {
    payload: rename(input: $input) { ok errors { message path } made: node { id } }
  }
`);

const manifest = graphql(`
  mutation Manifest($input: RegisterDatasetManifestInput!) {
    payload: registerDatasetManifest(input: $input) { ok errors { message path } made: dataset { id } }
  }
`);

/** Something that answers in the place of a platform, one answer after the other; the last one again and again. */
async function answering(...answers: ((response: ServerResponse) => void)[]) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(body);
    answers[Math.min(asked.length, answers.length) - 1]?.(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, client: new Client({ address: `http://127.0.0.1:${port}`, key: 'esp_key' }) };
}

const json = (answer: object) => (response: ServerResponse) => void response.end(JSON.stringify(answer));

it('asks a platform that is busy again, when it says', async () => {
  const busy = (response: ServerResponse) => void response.writeHead(429, { 'Retry-After': '0' }).end('{}');
  const { client, asked } = await answering(busy, busy, json({ data: { viewer: { role: 'EDITOR' } } }));
  expect(await client.ask(query, {})).toEqual({ viewer: { role: 'EDITOR' } });
  expect(asked).toHaveLength(3);
});

it('sends a mutation again whose line broke, under the same key, and throws what is refused with its place', async () => {
  const errors = [{ message: 'give it a name', path: ['strategies', '0', 'name'] }];
  const { client, asked } = await answering(
    (response) => void response.destroy(),
    json({ data: { payload: { ok: false, errors, made: null } } }),
  );
  const refused = await client.change(rename, { id: 'run_1', name: '' }).catch((error) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ message: 'give it a name', field: 'strategies.0.name' });
  const keys = asked.map((body) => JSON.parse(body).variables.input.clientMutationId);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

it('sends what has a key of its own under that one alone', async () => {
  const { client, asked } = await answering(
    (response) => void response.destroy(),
    json({ data: { payload: { ok: true, errors: [], made: { id: 'data_1' } } } }),
  );
  const given = { key: 'images', name: 'images', classes: ['a', 'b'], splits: [] };
  expect((await client.change(manifest, given)).made).toEqual({ id: 'data_1' });
  expect(asked.map((body) => JSON.parse(body).variables.input)).toEqual([given, given]);
});

it('tells what is no platform, a bad key and nobody from each other', async () => {
  const { client } = await answering((response) => void response.end('<html>'));
  await expect(client.ask(query, {})).rejects.toThrow(/is not Espalier/);
  const bad = { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] };
  await expect((await answering(json(bad))).client.ask(query, {})).rejects.toThrow(/API key is not valid/);
  const nowhere = new Client({ address: 'http://127.0.0.1:9', key: 'k' });
  await expect(nowhere.ask(query, {})).rejects.toThrow(/no platform answers at http:\/\/127\.0\.0\.1:9/);
});
