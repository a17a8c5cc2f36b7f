import { type Client, graphql, type ResultOf } from '@espalier/client';

const modelsWithin = graphql(`
  query ModelsToImport($after: String, $filter: ModelFilter!) {
    page: models(first: 100, after: $after, filter: $filter) {
      nodes { id name params macs project { id name } } pageInfo { hasNextPage endCursor }
    }
  }
`);

const datasetsWithin = graphql(`
  query DatasetsToImport($after: String) {
    page: datasets(first: 100, after: $after) {
      nodes { id name splits { name images } } pageInfo { hasNextPage endCursor }
    }
  }
`);

export type Model = ResultOf<typeof modelsWithin>['page']['nodes'][number];
type Dataset = ResultOf<typeof datasetsWithin>['page']['nodes'][number];

/** What is on the platform already, as rows name it: by id, or by name. */
export interface Subjects {
  /** The model, or what is wrong. */
  model(named: string): Model | string;
  dataset(named: string): JudgedOn | string;
}

/** With the images of its test split; null if it does not tell. */
export interface JudgedOn extends Pick<Dataset, 'id' | 'name'> {
  readonly images: number | null;
}

/** @param project of models that are named, its id or its name; undefined for all */
export async function readSubjects(client: Client, project: string | undefined): Promise<Subjects> {
  const [models, datasets] = await Promise.all([
    client.all(modelsWithin, { filter: {} }),
    client.all(datasetsWithin, {}),
  ]);
  const called = project?.toLowerCase();
  const own = models.filter(({ project: { id, name } }) => {
    return called === undefined || id === project || name.toLowerCase() === called;
  });
  const where = project === undefined ? '' : ` in project "${project}"`;
  return {
    model: (named) => one(own, named, `model${where}`, 'espalier push registers one'),
    dataset(named) {
      const found = one(datasets, named, 'data set', 'espalier push --dataset registers one');
      if (typeof found === 'string') return found;
      const { id, name, splits } = found;
      return { id, name, images: splits.find((split) => split.name === 'TEST')?.images ?? null };
    },
  };
}

function one<T extends { readonly id: string; readonly name: string }>(
  known: readonly T[],
  named: string,
  what: string,
  remedy: string,
): T | string {
  const byId = known.find(({ id }) => id === named);
  if (byId) return byId;
  const [first, second] = known.filter(({ name }) => name.toLowerCase() === named.toLowerCase());
  if (!first) return `expected a ${what}, but there is no "${named}": ${remedy}`;
  if (!second) return first;
  return `there are several with the name "${named}": use an id, such as ${first.id}`;
}
