import { graphql } from '#src/graphql/graphql.ts';

/** All that is told of a pruned network: on the page of its run, and in the file of it. */
export const resultFields = graphql(`
  fragment ResultFields on PrunedResult @_unmask {
    sha256
    networkHash
    downloadUrl
    params
    macs
    savedParams
    savedMacs
    structure
    trace
    rounds
    recovery
    prunedTop1
    top1
    top5
    loss
    images
    latencyMs
    throughput
    bytes
    base { params macs bytes latencyMs throughput top1 top5 loss }
    drop
    ratio { params macs bytes latency throughput }
    provenance
    seconds
  }
`);

/** What was asked of a run, in the same two places. */
export const askedFields = graphql(`
  fragment AskedFields on Run @_unmask {
    id
    name
    allocation
    criterion
    metric
    share
    seed
    limits { align minWidth maxRatio keep }
    rounds
    recovery
    tags
    notes
    createdAt
    finishedAt
  }
`);
