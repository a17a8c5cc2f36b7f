/** The floors of the house: each room imports only from rooms below it. */
const floors = [
  'errors',
  'launch',
  'tables',
  'client',
  'network',
  'formats',
  'datasets',
  'engines',
  'latency',
  'pruning',
  'comparison',
  'pipeline',
  'benchmark',
  'store',
  'runs',
  'worker',
  'cli',
];

/** What a room may import, where that is less than everything below it. */
const allowed = {
  errors: [],
  launch: [],
  tables: [],
  client: ['errors'],
  network: ['errors'],
  formats: ['errors', 'launch', 'network'],
  datasets: ['errors', 'network'],
  engines: ['errors', 'network', 'formats', 'datasets'],
  latency: ['errors', 'network', 'datasets', 'engines'],
  pruning: ['errors', 'launch', 'network', 'datasets', 'engines', 'latency'],
  comparison: ['errors', 'network', 'pruning'],
  pipeline: ['errors', 'network', 'formats', 'datasets', 'engines', 'latency', 'pruning', 'comparison'],
  benchmark: ['errors', 'tables', 'network', 'engines', 'pruning', 'comparison'],
};

const reasons = {
  errors: 'What a person can put right is said in the same way on every floor.',
  launch: 'How a program starts knows nothing of what it does.',
  tables: 'How a table is written down does not depend on what it says.',
  client: 'The platform is known by its schema: a program that asks it takes nothing of what is behind it.',
  network: 'The graph is the ground floor: it must be usable without any file format, engine or data.',
  formats: 'A file format knows the network it holds, not what is done with it.',
  datasets: 'Images know how a network wants them, not who runs it.',
  engines: 'An engine runs networks; the method above decides which.',
  latency: 'What takes how long on a device is known without any criterion or search.',
  pipeline: 'Everybody prunes by it: it knows no command, table or queue.',
  benchmark: 'What a benchmark is made of, and what its tables say: whoever computes it is above.',
  comparison: 'Whether results may be compared does not depend on where they are kept.',
  pruning: 'The method works on networks in memory, whatever files they came from.',
};

const tests = '\\.test\\.ts$|^packages/[^/]+/test/|test-home|temporary-folder';

export default {
  forbidden: [
    ...floors.map((room, floor) => {
      const below = allowed[room] ?? floors.slice(0, floor);
      const above = floors.filter((other) => other !== room && !below.includes(other));
      return {
        name: `floor-${room}`,
        comment: reasons[room] ?? 'Rooms import from rooms below them only.',
        severity: 'error',
        from: { path: `^packages/${room}/`, pathNot: tests },
        to: { path: `^(packages|apps)/(${[...above, 'api', 'dashboard', 'ide'].join('|')})/` },
      };
    }),
    {
      name: 'front-door',
      comment: 'Another package is entered by its index: what is behind it may move.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/', pathNot: tests },
      to: {
        path: '^packages/([^/]+)/src/',
        pathNot: ['^packages/$1/', '^packages/[^/]+/src/index\\.(ts|mjs)$'],
      },
    },
    {
      name: 'api-by-runs',
      comment:
        'The API says what is to be done; who does it may run anywhere. Only `serve` starts a worker of its own, by the configuration.',
      severity: 'error',
      from: { path: '^apps/api/', pathNot: '^apps/api/(src/(serve|config)\\.ts$|test/)' },
      to: { path: '^packages/worker/' },
    },
    {
      name: 'dashboard-by-api',
      comment: 'The dashboard knows the API by its schema, and nothing behind it.',
      severity: 'error',
      from: { path: '^apps/dashboard/' },
      to: { path: '^(packages|apps/api)/' },
    },
    {
      name: 'server-without-terminal',
      comment: 'Only the program that brings a platform up shows something, and does it as the command does.',
      severity: 'error',
      from: { path: '^apps/api/src/', pathNot: '^apps/api/src/main\\.ts$' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'commands-start-quickly',
      comment:
        'Every command starts with all of the program: what only one of them needs, and is large, comes later.',
      severity: 'error',
      from: { path: '^packages/cli/src/(?!benchmark/)' },
      to: {
        path: '^packages/(cli/src/benchmark/run-benchmark|worker/|runs/|store/)',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-circles',
      comment: 'Files that import each other in a circle are one file that will not admit it.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@tensorflow/tfjs-node(-gpu)?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'generated|node_modules/\\.cache|^apps/[^/]+/dist/|\\.next/|next-env' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
