import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

export const findQuery = graphql(`
  query Find($text: String!) {
    experiments(first: 5, filter: { text: $text }) { nodes { id name model { name } } }
    models(first: 5, filter: { text: $text }) { nodes { id name } }
  }
`);

export interface Found {
  readonly kind: string;
  readonly name: string;
  readonly note: string;
  readonly href: string;
}

/** Experiments and models with that in their name or notes, and the way to all such runs. */
export function found({ experiments, models }: ResultOf<typeof findQuery>, text: string): Found[] {
  return [
    ...experiments.nodes.map(({ id, name, model }) => ({
      kind: 'Experiment',
      name,
      note: model.name,
      href: `/experiments/${id}`,
    })),
    ...models.nodes.map(({ id, name }) => ({ kind: 'Model', name, note: '', href: `/models/${id}` })),
    {
      kind: 'Runs',
      name: `Runs with “${text}”`,
      note: '',
      href: `/runs?${new URLSearchParams({ q: text })}`,
    },
  ];
}
