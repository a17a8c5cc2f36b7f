import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

/** A picture's name and where the page is. */
export type Picture = readonly [name: string, address: string];

// biome-ignore lint/suspicious/noExplicitAny: answers of a contract, looked at key by key
type Answer = any;

/** Asks as the page itself does, by its session. */
export async function asked(page: Page, query: string, variables: object = {}): Promise<Answer> {
  const body = JSON.stringify({ query, variables });
  const { data, errors } = await page.evaluate<Answer, string>(async (sent) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch('/graphql', { method: 'POST', headers, body: sent });
    return response.json();
  }, body);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** The pages of what the example experiment does not make: a webhook, an imported run, a public link. */
export async function furtherPages(page: Page): Promise<Picture[]> {
  const { experiments, models, datasets } = await asked(
    page,
    `{ experiments(first: 1) { nodes { id } } models(first: 1) { nodes { id params macs } }
      datasets(first: 1) { nodes { id splits { name images } } } }`,
  );
  const { link } = await changed(page, 'createPublicLink', {
    input: { kind: 'EXPERIMENT', id: experiments.nodes[0].id },
    wanted: 'link',
  });
  const run = await importedRun(page, models.nodes[0], datasets.nodes[0]);
  return [
    ['webhook', `/team/webhooks/${await triedWebhook(page)}`],
    ['imported-runs', '/runs?origins=external'],
    ['imported-run', `/runs/${run}`],
    ['public-link', link],
  ];
}

interface Change {
  readonly input: object;
  /** Of the answer. */
  readonly wanted: string;
}

async function changed(page: Page, mutation: string, { input, wanted }: Change): Promise<Answer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${mutation}(input: $input) { ok errors { message } ${wanted} } }`;
  const payload = (await asked(page, query, { input }))[mutation];
  if (!payload.ok) throw new Error(`${mutation}: ${payload.errors[0].message}`);
  return payload;
}

/** With a ping that was taken. */
async function triedWebhook(page: Page): Promise<string> {
  const server = createServer((request, response) => void request.resume().on('end', () => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/espalier`;
  const input = { url, events: ['RUN_FINISHED', 'EXPERIMENT_DONE'] };
  const { webhook } = await changed(page, 'createWebhook', { input, wanted: 'webhook { id }' });
  const { id } = webhook;
  await changed(page, 'testWebhook', { input: { id }, wanted: '' });
  const query = 'query ($id: ID!) { webhook(id: $id) { deliveries { nodes { state } } } }';
  while ((await asked(page, query, { id })).webhook.deliveries.nodes[0].state === 'WAITING') {
    await page.waitForTimeout(200);
  }
  server.close();
  return id;
}

/** Of numbers alone, as an import brings it. */
async function importedRun(page: Page, model: Answer, dataset: Answer): Promise<string> {
  const { images } = dataset.splits.find(({ name }: Answer) => name === 'TEST');
  const subject = { modelId: model.id, datasetId: dataset.id };
  const about = { allocation: 'depgraph', criterion: 'l2', metric: 'MACS', share: 0.5, seed: 0 };
  const source = { tool: 'pytorch', version: '2.4', host: 'gpu-1', name: 'depgraph 50 %' };
  const record = {
    key: 'shown',
    ...subject,
    experiment: 'from a table',
    ...about,
    source,
    import: 'csv shown',
  };
  const { run } = await changed(page, 'recordRun', { input: record, wanted: 'run { id }' });
  const evaluator = { tool: 'pytorch', preprocessing: 'as the model has it' };
  const costs = { params: Math.round(model.params * 0.4), macs: Math.round(model.macs / 2) };
  const end = { key: 'shown end', runId: run.id, evaluation: { evaluator, top1: 0.8, images }, ...costs };
  await changed(page, 'finishRun', { input: end, wanted: '' });
  return run.id;
}
