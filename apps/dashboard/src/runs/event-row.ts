import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { roundScores } from './scores.ts';

/** An event of a run, with what there is to tell. */
export const eventRow = graphql(
  `
  fragment EventRow on RunEvent @_unmask {
    __typename
    seq
    createdAt
    ... on CreatedEvent { state allocation criterion seed clonedFrom { id } }
    ... on ClaimedEvent { claim worker { host } }
    ... on StateEvent { state reason error top1 macs }
    ... on RoundEvent { cut { round savedMacs savedParams before { ...RoundScores } after { ...RoundScores } } }
    ... on EpochEvent { epoch loss top1 seconds round }
    ... on ResumedEvent { step round }
    ... on RepairedEvent { images layers left }
    ... on CheckpointEvent { step }
    ... on WarningEvent { text }
    ... on UnknownEvent { name }
  }
`,
  [roundScores],
);

export type EventRow = ResultOf<typeof eventRow>;
