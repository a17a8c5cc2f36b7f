import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import { client, type Platform, startPlatform } from './platform.ts';
import { foreignTeam } from './rights-rules.ts';

/** How deep fields are followed from a root. */
const DEEPEST = 5;

/** Roots that take something, as of what is the asker's own; those that take nothing follow from the schema. */
const WITH_ARGUMENTS: Readonly<Record<string, string>> = {
  analysis: 'analysis(filter: {})',
  comparison: 'comparison(filter: {})',
  compression: 'compression(filter: {})',
  dataset: 'dataset(id: "data_o")',
  experiment: 'experiment(id: "exp_o")',
  model: 'model(id: "model_o")',
  ratioFront: 'ratioFront(filter: {})',
  ratioSummary: 'ratioSummary(by: [MODEL, PROJECT, DATASET])',
  project: 'project(id: "proj_o")',
  run: 'run(id: "run_o")',
  samplingRun: 'samplingRun(id: "sample_o")',
};

it('no field of what is one’s own leads to what is not', { timeout: 120_000 }, async () => {
  const platform = await startPlatform();
  const on = await foreignTeam(platform);
  const stranger = await platform.member('admin');
  await ownThings(platform, stranger.teamId, 'o');
  const limited = await ownThings(platform, on.teamId, 'l');
  const { teamId, userId } = on;
  const may = { name: 'limited', role: 'admin', projectIds: [limited] } as const;
  const key = client(platform.address, (await createApiKey(platform.prisma, { teamId, userId }, may)).key);
  const queries = walked(await createSchema());
  expect(queries.length).toBeGreaterThan(50);
  const foreign = /"(proj|model|exp|run|sample|bench|view|upload|key|invite|audit)_f"|host_f/;
  let seen = 0;
  for (const query of queries) {
    const asked = [
      { who: 'another team', text: JSON.stringify(await stranger.ask(query)), ids: 'o' },
      {
        who: 'a key of the team for another project',
        text: JSON.stringify(await key.ask(query.replaceAll('_o"', '_l"'))),
        ids: 'l',
      },
    ];
    for (const { who, text, ids } of asked) {
      expect(text, `${who}: ${query}`).not.toMatch(foreign);
      expect(text, `${who}: ${query}`).not.toMatch(/GRAPHQL_VALIDATION_FAILED|INTERNAL_SERVER_ERROR/);
      if (text.includes(`_${ids}"`)) seen++;
    }
    expect(asked[0]?.text, query).not.toMatch(/theirs|"(data|pub)_f"/);
  }
  // What is one's own is there: the questions are no empty ones.
  expect(seen).toBeGreaterThan(30);
});

/** A query for each chain of objects that fields lead along, with all that stands at its end. */
function walked(schema: GraphQLSchema): string[] {
  const query = schema.getQueryType();
  if (!query) throw new Error('there are queries');
  return Object.values(query.getFields()).flatMap(({ name, type, args }) => {
    const root = WITH_ARGUMENTS[name] ?? (args.some(isRequiredArgument) ? null : name);
    return root === null ? [] : chains(type, []).map((inner) => `{ ${root} ${inner} }`);
  });
}

/** Selections below a field of the type; a type is entered once in a chain. */
function chains(output: GraphQLOutputType, entered: readonly GraphQLObjectType[]): string[] {
  const type = getNamedType(output);
  if (isLeafType(type)) return [''];
  if (!isObjectType(type) || entered.includes(type) || entered.length === DEEPEST) return [];
  const free = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
  const leaves = free.filter((field) => isLeafType(getNamedType(field.type))).map(({ name }) => name);
  const deeper = free
    .filter((field) => !isLeafType(getNamedType(field.type)))
    .flatMap((field) => chains(field.type, [...entered, type]).map((inner) => `{ ${field.name} ${inner} }`));
  return [...(leaves.length > 0 ? [`{ ${leaves.join(' ')} }`] : []), ...deeper];
}

/** A project with a model, an experiment, a finished run and its sampling, like those of the foreign team. */
async function ownThings({ prisma }: Platform, teamId: string, mark: string): Promise<string> {
  const id = (kind: string) => `${kind}_${mark}`;
  const theirs = { model: 'model_f', dataset: 'data_f', sampling: 'sample_f' };
  const { sha256, networkHash } = await prisma.model.findUniqueOrThrow({ where: { id: theirs.model } });
  const { hash, classes } = await prisma.dataset.findUniqueOrThrow({ where: { id: theirs.dataset } });
  const [projectId, modelId, datasetId] = [id('proj'), id('model'), id('data')];
  await prisma.project.create({ data: { id: projectId, teamId, name: mark } });
  // The same file and the same images as the others have.
  const counted = { params: 1, macs: 1, summary: {} };
  await prisma.model.create({
    data: { id: modelId, teamId, projectId, name: mark, sha256, networkHash, ...counted },
  });
  await prisma.dataset.create({
    data: { id: datasetId, teamId, name: mark, builtIn: 'mnist', hash, classes },
  });
  const parts = { teamId, projectId, modelId, datasetId };
  await prisma.experiment.create({
    data: { id: id('exp'), ...parts, name: mark, samples: 1, grid: [0.5], seed: 0 },
  });
  await prisma.samplingRun.create({
    data: {
      ...{ id: id('sample'), key: mark, modelId, datasetId, networkHash, datasetHash: hash },
      ...{ criterion: 'l1', grid: [0.5], samples: 1, seed: 0 },
    },
  });
  await prisma.run.create({
    data: {
      ...{ id: id('run'), teamId, experimentId: id('exp'), samplingRunId: id('sample'), allocation: 'cie' },
      ...{ criterion: 'l1', metric: 'macs', share: 0.5, seed: 0, tags: [mark] },
    },
  });
  return projectId;
}
