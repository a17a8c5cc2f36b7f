import { graphql } from '#src/graphql/graphql.ts';

/** What would keep an experiment from being made; nothing is made. */
export const checkExperiment = graphql(`
  mutation CheckExperiment($input: CreateExperimentInput!) {
    createExperiment(input: $input) { ok errors { message path } }
  }
`);
