import type { Right } from '../access/viewer.ts';

/** What requests of one kind may cost, before anything of them is parsed and before anybody is known. */
export interface Route {
  readonly name: string;
  /** What its addresses begin with. The first route that fits counts. */
  readonly path: string;
  readonly methods: readonly string[];
  /** What they take: a right, or what each field of the schema asks for; null is for anybody. */
  readonly right: Right | 'by field' | null;
  /** Bytes of a body; `own` where the route counts them itself, as they arrive. */
  readonly body: number | 'own';
  /** Parsed, and therefore begun one at a time. */
  readonly costly?: boolean;
  /** Until the answer has been taken, whatever happens; null for what may last. */
  readonly answerMs: number | null;
  /** Requests that are under way at once: of an address, of who is known, of their team, and of all. */
  readonly atOnce: {
    readonly address: number;
    readonly viewer?: number;
    readonly team?: number;
    readonly all: number;
  };
}

const READ = ['GET', 'HEAD'];
const MINUTE = 60_000;

/** Every address of the platform, with its limits. What is not here does not exist; the last one takes the rest. */
export const ROUTES = {
  health: {
    name: 'health',
    path: '/health',
    methods: READ,
    right: null,
    body: 0,
    answerMs: MINUTE,
    atOnce: { address: 32, all: 128 },
  },
  ready: {
    name: 'readiness',
    path: '/ready',
    methods: READ,
    right: null,
    body: 0,
    answerMs: MINUTE,
    atOnce: { address: 16, all: 64 },
  },
  streams: {
    name: 'streams',
    path: '/graphql/stream',
    // A browser's EventSource asks by GET.
    methods: ['GET', 'POST'],
    right: 'by field',
    body: 50_000,
    costly: true,
    answerMs: null,
    atOnce: { address: 100, viewer: 20, team: 60, all: 300 },
  },
  graphql: {
    name: 'queries',
    path: '/graphql',
    methods: ['GET', 'POST'],
    right: 'by field',
    body: 1_000_000,
    costly: true,
    answerMs: 10 * MINUTE,
    atOnce: { address: 150, all: 400 },
  },
  client: {
    name: 'client files',
    path: '/client',
    methods: READ,
    right: null,
    body: 0,
    answerMs: MINUTE,
    atOnce: { address: 16, all: 64 },
  },
  auth: {
    name: 'signing in',
    path: '/auth',
    methods: ['GET', 'POST'],
    right: null,
    body: 20_000,
    costly: true,
    answerMs: MINUTE,
    atOnce: { address: 16, all: 128 },
  },
  uploads: {
    name: 'uploads',
    path: '/files/uploads',
    methods: ['HEAD', 'PUT', 'DELETE'],
    right: { role: 'editor', by: 'producer' },
    body: 'own',
    answerMs: null,
    atOnce: { address: 32, viewer: 16, team: 24, all: 128 },
  },
  exports: {
    name: 'exports',
    path: '/files/export',
    methods: READ,
    right: { role: 'viewer', by: 'read' },
    body: 0,
    answerMs: 5 * MINUTE,
    // Each holds a connection to the database until its reader has all.
    atOnce: { address: 8, viewer: 2, team: 2, all: 6 },
  },
  reports: {
    name: 'reports',
    path: '/files/report',
    methods: READ,
    right: { role: 'viewer', by: 'read' },
    body: 0,
    answerMs: MINUTE,
    // Each looks at thousands of runs.
    atOnce: { address: 8, viewer: 2, team: 3, all: 8 },
  },
  allocations: {
    name: 'networks cut on demand',
    path: '/files/allocations',
    methods: READ,
    right: { role: 'viewer', by: 'read' },
    body: 0,
    answerMs: 10 * MINUTE,
    // Each reads a network and writes another one.
    atOnce: { address: 8, viewer: 2, team: 2, all: 4 },
  },
  files: {
    name: 'files',
    path: '/files',
    methods: READ,
    right: { role: 'viewer', by: 'read' },
    body: 0,
    answerMs: 60 * MINUTE,
    atOnce: { address: 48, viewer: 24, team: 64, all: 256 },
  },
  public: {
    name: 'public links',
    path: '/public',
    methods: READ,
    right: null,
    body: 0,
    answerMs: MINUTE,
    atOnce: { address: 8, all: 32 },
  },
  ide: {
    name: 'the editor',
    path: '/ide',
    methods: READ,
    right: null,
    body: 0,
    answerMs: 5 * MINUTE,
    atOnce: { address: 32, all: 256 },
  },
  pages: {
    name: 'pages',
    path: '/',
    methods: [...READ, 'POST'],
    right: null,
    body: 100_000,
    answerMs: 10 * MINUTE,
    // Each may ask the API itself, and all of them from one address.
    atOnce: { address: 60, all: 300 },
  },
} as const satisfies Readonly<Record<string, Route>>;

/** How long something may take. A test is less patient. */
export interface Times {
  /** Until all headers are there, from the connection or their first byte. */
  readonly headersMs: number;
  /** Until a body is there; an upload's has to keep its pace instead. */
  readonly bodyMs: number;
  /** An upload moves `paceBytes` in each such time, an answer something. */
  readonly paceMs: number;
  readonly paceBytes: number;
}

export const TIMES: Times = { headersMs: 10_000, bodyMs: 20_000, paceMs: 20_000, paceBytes: 20_000 };

export const HEADER_BYTES = 16_384;
/** Of one address. Above it the one that has been silent for longest gives way. */
export const CONNECTIONS = { address: 2000, all: 8000 } as const;
