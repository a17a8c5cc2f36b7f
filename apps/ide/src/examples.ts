/** A query to begin with. */
export interface Example {
  readonly title: string;
  /** What it shows, and what is to be filled in. */
  readonly about: string;
  readonly query: string;
  /** The newest ids of the team are put in for "exp_..." and "run_...". */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Of ids that are not known when the page is written. */
export const PLACEHOLDERS = { experiment: 'exp_...', run: 'run_...' } as const;

const EXPERIMENT = { experimentId: PLACEHOLDERS.experiment };
const RUN = { runId: PLACEHOLDERS.run };

export const examples: readonly Example[] = [
  {
    title: 'Who am I, who computes',
    about: 'The role and scopes of the key, and how many workers take runs of which engine.',
    query: `query Viewer {
  viewer { role scopes team { id name } viewerCanEdit viewerCanManage }
  engines { engine workers }
}`,
  },
  {
    title: 'What there is',
    about: 'Projects, networks, data sets and experiments, the newest first.',
    query: `query Overview {
  projects(first: 10) { nodes { id name } totalCount }
  models(first: 10) { nodes { id name params macs } }
  datasets(first: 10) { nodes { id name splits { name images } } }
  experiments(first: 10) { nodes { id name model { name } dataset { name } } }
}`,
  },
  {
    title: 'Finished runs with their results',
    about: 'Accuracy before and after fine-tuning, size, latency beside that of the unpruned network.',
    query: `query FinishedRuns {
  runs(first: 20, filter: { state: { in: [FINISHED] } }) {
    nodes {
      id allocation criterion metric share seed finishedAt
      experiment { name model { name macs params } }
      result { top1 prunedTop1 repairedTop1 loss params macs drop latencyMs throughput
        base { top1 latencyMs } ratio { params macs bytes latency throughput } downloadUrl }
    }
    totalCount
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    title: 'The best run of every model',
    about: 'The largest ratio of MACs among the runs that lose at most one point, with strategy and file.',
    query: `query BestRuns {
  models(first: 20) {
    nodes {
      id name
      bestRun(maxDrop: 0.01, by: MACS) {
        id strategy { name }
        result { top1 drop ratio { params macs bytes latency } downloadUrl }
      }
    }
  }
}`,
  },
  {
    title: 'Contribution matrix of a run',
    about: "Each channel group's share of the total drop: rows are groups, columns the ratios of the grid.",
    query: `query Matrix($runId: ID!) {
  run(id: $runId) {
    id allocation
    sampling {
      state samples baselineTop1
      matrix { groups grid accuracy drop standardError monotoneDrop contribution importance }
    }
  }
}`,
    variables: RUN,
  },
  {
    title: 'Compare the runs of an experiment',
    about: 'All that is the same for them, and what each strategy kept, at what accuracy.',
    query: `query Comparison($experimentId: ID!) {
  experiment(id: $experimentId) {
    name samples seed recipe { epochs steps learningRate batch schedule { kind } optimiser { kind } }
    model { name params macs }
    dataset { name }
  }
  runs(first: 100, filter: { experiment: { in: [$experimentId] } }) {
    nodes {
      id allocation criterion metric share seed state
      result { top1 prunedTop1 repairedTop1 savedMacs savedParams latencyMs groups { group before after savedAlone { macs } } }
    }
  }
}`,
    variables: EXPERIMENT,
  },
  {
    title: 'Which strategy wins',
    about:
      'Ranks over targets and seeds, wins by images that runs get right, and the best run within a budget.',
    query: `query WhichWins($experimentId: ID!) {
  analysis(filter: { experiment: { in: [$experimentId] } }) {
    count
    groups {
      name
      ranks {
        points { metric share }
        strategies { strategy { allocation criterion } meanRank points { rank mean deviation n } }
      }
      matches { a { allocation criterion } b { allocation criterion } wins ties losses untested difference }
      best(budget: { metric: MACS, most: 20000000 }) { run { id } top1 macs params }
    }
  }
}`,
    variables: EXPERIMENT,
  },
  {
    title: 'Start runs',
    about:
      'Every strategy with every target and every seed; one that draws nothing with one seed only. Takes the role editor.',
    query: `mutation StartRuns($experimentId: ID!, $strategies: [StrategyInput!]!, $targets: [TargetInput!]!, $seeds: [Int!]!) {
  startRuns(input: { experimentId: $experimentId, strategies: $strategies, targets: $targets, seeds: $seeds }) {
    ok
    errors { message path }
    notes runs { id allocation criterion share seed state }
  }
}`,
    variables: {
      ...EXPERIMENT,
      strategies: [
        { allocation: 'cie', criterion: 'l1' },
        { allocation: 'uniform', criterion: 'l1' },
      ],
      targets: [{ metric: 'MACS', share: 0.3 }],
      seeds: [0],
    },
  },
  {
    title: 'Watch a run',
    about: 'Its events, from the first one on and as they happen.',
    query: `subscription Watch($runId: ID!) {
  runEvents(runId: $runId, afterSeq: 0) {
    seq
    kind
    createdAt
    ... on StateEvent { state reason error top1 }
    ... on EpochEvent { epoch loss top1 }
    ... on WarningEvent { text }
  }
}`,
    variables: RUN,
  },
];
