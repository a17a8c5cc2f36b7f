import { readdir, readFile } from 'node:fs/promises';
import {
  getNamedType,
  getOperationAST,
  getVariableValues,
  isScalarType,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { guideQuestions } from './guide.ts';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

const MOST_STATEMENTS = 8;
/** What nothing can be told of in a team whose runs were made by a test: a worker, a queue. */
const MAY_BE_EMPTY = new Set([
  'engines',
  'byKind',
  'stages',
  'epochs',
  'reasons',
  'matches',
  'keep',
  'seconds',
]);

it('the guide has twenty questions, and no answer has JSON in it', async () => {
  const schema = await createSchema();
  const questions = await guideQuestions();
  expect(questions).toHaveLength(20);
  for (const { title, query } of questions) {
    const types = new TypeInfo(schema);
    const json: string[] = [];
    const look = () => {
      const type = types.getType();
      if (type && isScalarType(getNamedType(type)) && /^JSON/.test(getNamedType(type).name)) {
        json.push(`${types.getParentType()}.${types.getFieldDef()?.name}`);
      }
    };
    visit(parse(query), visitWithTypeInfo(types, { Field: look }));
    expect(json, title).toEqual([]);
  }
});

it('every query in the guides and the README fits the schema', async () => {
  const schema = await createSchema();
  const root = new URL('../../../', import.meta.url);
  const guides = (await readdir(new URL('docs/guide', root))).map((name) => `docs/guide/${name}`);
  const wrong: string[] = [];
  let queries = 0;
  for (const file of [...guides, 'README.md']) {
    const text = await readFile(new URL(file, root), 'utf8');
    for (const [, json = ''] of text.matchAll(/'(\{"query": [^']*\})'/g)) {
      queries++;
      const { query, variables = {} } = JSON.parse(json);
      const document = parse(query);
      const operation = getOperationAST(document);
      const { errors = [] } = getVariableValues(schema, operation?.variableDefinitions ?? [], variables);
      const refused = operation?.operation !== 'mutation' || /\{ ok errors \{ .*message/.test(query);
      if (!refused) wrong.push(`${file}: ${query}: does not ask why it was refused`);
      wrong.push(
        ...[...validate(schema, document), ...errors].map(
          ({ message }) => `${file}: ${query.slice(0, 60)}: ${message}`,
        ),
      );
    }
    // Each of them was looked at.
    expect(text.match(/"query": "/g)?.length ?? 0, file).toBe(
      text.match(/'\{"query": [^']*\}'/g)?.length ?? 0,
    );
  }
  expect(queries).toBeGreaterThan(30);
  expect(wrong).toEqual([]);
});

it('each question is answered, by few statements', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  const filled = await fillTeam(prisma, viewer.teamId, { runs: 200 });
  await prisma.model.updateMany({ data: { summary: { groups: [{ id: 'conv1', width: 8 }] } } });
  await prisma.datasetSplit.createMany({
    data: filled.datasetIds.map((datasetId) => ({ datasetId, name: 'test', images: 100 })),
  });
  const finished = await prisma.run.findMany({ where: { state: 'finished' }, orderBy: { id: 'asc' } });
  const [run, other] = finished.filter(({ experimentId }) => experimentId === filled.experimentIds[0]);
  const values: Readonly<Record<string, unknown>> = {
    ...{ model: filled.modelIds[0], dataset: filled.datasetIds[0], project: filled.projectIds[0] },
    ...{
      run: run?.id,
      runs: [run?.id, other?.id],
      sampling: run?.samplingRunId,
      since: '2026-01-01T00:00:00Z',
    },
  };
  for (const { title, query, variables } of await guideQuestions()) {
    const given = Object.fromEntries(variables.map((name) => [name, values[name]]));
    for (const name of variables) expect(given[name], `${title}: $${name}`).toBeTruthy();
    const { result, count } = await statements(() => viewer.ask(query, given));
    expect.soft(result.errors, title).toBeUndefined();
    expect.soft(emptyPlaces(result.data), title).toEqual([]);
    expect.soft(count, `${title}: statements`).toBeLessThanOrEqual(MOST_STATEMENTS);
  }
});

it('the best run of each model is the one that a plain reading finds', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 200 });
  const [question] = await guideQuestions();
  const { data } = await viewer.ask(question?.query ?? '');
  const models = await prisma.model.findMany({ include: { evaluations: true } });
  const runs = await prisma.run.findMany({
    where: { state: 'finished' },
    include: { result: true, experiment: { include: { dataset: true } } },
  });
  for (const { name, bestRun } of data.models.nodes) {
    const model = models.find((one) => one.name === name);
    const within = runs.flatMap(({ id, result, experiment }) => {
      if (experiment.modelId !== model?.id || !result || result.top1 === null) return [];
      const base = model.evaluations.find(({ datasetHash }) => datasetHash === experiment.dataset.hash);
      return base && base.top1 - result.top1 <= 0.01
        ? [{ id, macs: Number(model.macs) / Number(result.macs) }]
        : [];
    });
    const most = Math.max(...within.map(({ macs }) => macs));
    const best = within.filter(({ macs }) => macs === most).map(({ id }) => id);
    if (best.length === 0) expect(bestRun, name).toBe(null);
    else expect(best, name).toContain(bestRun.id);
  }
});

/** Lists without an entry, and objects that are null if there should be some. */
function emptyPlaces(data: object, path = ''): string[] {
  return Object.entries(data).flatMap(([name, value]) => {
    const at = path ? `${path}.${name}` : name;
    if (MAY_BE_EMPTY.has(name)) return [];
    if (Array.isArray(value)) return value.length === 0 ? [at] : emptyPlaces(value[0] ?? {}, `${at}.0`);
    return typeof value === 'object' && value !== null ? emptyPlaces(value, at) : [];
  });
}
