import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { recipeFields } from '#src/settings/recipe-fields.ts';
import { roundScores } from './scores.ts';

/** All that is told of a pruned network: on the page of its run, and in the file of it. */
export const resultFields = graphql(
  `
  fragment ResultFields on PrunedResult @_unmask {
    sha256
    networkHash
    evidence
    evaluator
    recomputed { images value told difference standardError agrees top1 top5 loss notes engine seconds finishedAt dataset { id name } }
    downloadUrl
    format
    repaired { sha256 downloadUrl }
    params
    macs
    savedParams
    savedMacs
    savedLatency
    latency {
      device { name cpu cores platform engine engineVersion threads batch measuredAt }
      differences
      predicted { milliseconds baseMilliseconds }
      measured { milliseconds baseMilliseconds speedup { ratio low high } check { ratio low high } }
      corrections
    }
    groups { group before after kept savedAlone { params macs } }
    trace { threshold saving widths kind round }
    rounds {
      round share savedParams savedMacs savedLatency
      groups { group before after }
      before { ...RoundScores images }
      after { ...RoundScores images }
    }
    recovery {
      recipe { ...RecipeFields }
      recipeHash
      trainings { round steps epochs { epoch loss top1 learningRate imagesPerSecond seconds } }
    }
    prunedTop1
    repairedTop1
    value
    prunedValue
    repairedValue
    valueDrop
    repair { images lambda seed layers { layer before after } left { layer reason } }
    top1
    top5
    loss
    images
    latencyMs
    throughput
    bytes
    base { params macs bytes latencyMs throughput value top1 top5 loss }
    drop
    ratio { params macs bytes latency throughput }
    latencyInterval { low high }
    throughputInterval { low high }
    provenance { version engine threads node cpu cores throughputBatch worker }
    seconds { stage seconds }
    totalSeconds
  }
`,
  [recipeFields, roundScores],
);

type Result = ResultOf<typeof resultFields>;
export type Latency = NonNullable<Result['latency']>;
export type PrunedGroup = NonNullable<Result['groups']>[number];
export type SearchStep = NonNullable<Result['trace']>[number];
export type Recomputed = NonNullable<Result['recomputed']>;
export type Provenance = NonNullable<Result['provenance']>;
export type StageSeconds = NonNullable<Result['seconds']>;

/** What was asked of a run, in the same two places. */
export const askedFields = graphql(
  `
  fragment AskedFields on Run @_unmask {
    id
    name
    allocation
    criterion
    metric
    share
    targetMs
    seed
    limits { align minWidth maxRatio keep }
    rounds
    recovery { ...RecipeFields }
    tags
    notes
    createdAt
    finishedAt
  }
`,
  [recipeFields],
);
