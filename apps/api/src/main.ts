import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputError, makeHome } from '@espalier/errors';
import { hidesAddresses, readConfig } from './config.ts';
import { makeExample } from './example/example.ts';
import { createLog } from './log.ts';
import { createApiKey } from './people/api-keys.ts';
import { migrateConfigured, newAdminKey, newOperator, type Platform, serve, wayIn } from './serve.ts';

const USAGE = `usage: espalier serve [--no-example] [--no-worker] [--link] [--new-key]
       espalier serve --sign-in-link [EMAIL] [--new-key]
       espalier serve --operator EMAIL
       espalier serve --migrate
       npm start [-- FLAGS], which sets up first

Brings the platform up in one process: a database (unless ESPALIER_DATABASE_URL names one), the API, a worker.
At the first start it runs an example experiment and, with a database of its own, shows a link that signs the
first administrator in. Later starts show one with --link, and a key that is good for 30 days with --new-key.
Ctrl-C ends it; nothing is lost.

--sign-in-link shows a link for EMAIL, or the first administrator, and ends; the platform may be running.
--operator makes EMAIL one who may drain workers and end runs of any team, and ends.
--migrate brings the database to this version, which each start does as well, and ends. Neither is done while
an API serves that is older.

  ESPALIER_PORT            the port (4000, or the next free one)
  ESPALIER_HOST            127.0.0.1
  ESPALIER_HOME            data, caches, the database (.espalier in the working folder)
  ESPALIER_URL             the address that browsers know, where a proxy stands in front
  ESPALIER_HOSTS           more names under which it is asked for, with commas between
  ESPALIER_PROXIES         whose X-Forwarded-For is believed: addresses and networks
  ESPALIER_SECRET          signs cookies (made and kept in ESPALIER_HOME)
  ESPALIER_LOG             json or text (json unless it is a terminal)
  ESPALIER_METRICS_PORT    numbers for Prometheus at /metrics of this port; of 127.0.0.1, or ESPALIER_METRICS_HOST
  ESPALIER_AUDIT_DAYS      entries of the audit log are kept for so many days (400)
  ESPALIER_WEBHOOKS_PRIVATE  hosts, addresses and networks (10.0.0.0/8) that webhooks may lead to though they are not
                           public, with commas between
  ESPALIER_OPEN_SIGNUP     true: anybody may sign up; without it people are invited
  ESPALIER_DATABASE_URL    a PostgreSQL of yours
  ESPALIER_TEAM_STORAGE_GB what a team may store (200; 0: any number)
  ESPALIER_TEAM_UPLOADS    uploads that a team may have under way (20; 0: any number)
  ESPALIER_TEAM_RECOMPUTE_IMAGES  test images that workers evaluate again for a team in 24 hours, of imported
                           networks (1000000; 0: any number)
  ESPALIER_DISK_RESERVE_GB what uploads leave free of the disk (2)
  ESPALIER_CACHE_GB        what this machine keeps of artifacts and what it computed of them (50)
  ESPALIER_S3_BUCKET       artifacts in a bucket; _PREFIX, _ENDPOINT and _REGION go with it`;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const HIDDEN =
  'ESPALIER_URL is https, so there is a proxy, but ESPALIER_PROXIES does not name it: all people seem to have one address, and share its limits';

/** Longer than the example takes anywhere. */
const EXAMPLE_KEY_MS = 24 * 3_600_000;

interface Flags {
  readonly example: boolean;
  readonly worker: boolean;
  readonly newKey: boolean;
  readonly migrate: boolean;
  /** Whether a link is shown at the start. */
  readonly link: boolean;
  /** Whose link is asked for: null is the first administrator's, undefined that none is. */
  readonly linkFor?: string | null;
  /** Who becomes an operator. */
  readonly operator?: string;
}

async function main(): Promise<void> {
  const flags = readFlags();
  if (!flags) return;
  const config = readConfig();
  makeHome(config.home);
  if (flags.linkFor !== undefined) {
    const { link, key } = await wayIn(config, flags.linkFor ?? undefined, flags.newKey);
    showWayIn(link, key);
    return;
  }
  if (flags.migrate) {
    await migrateConfigured(config);
    console.log(`the database is that of version ${version}`);
    return;
  }
  if (flags.operator !== undefined) {
    await newOperator(config, flags.operator);
    console.log(`${flags.operator} is an operator of this installation`);
    return;
  }
  const stopping = new AbortController();
  const asJson = config.log === null ? !process.stderr.isTTY : config.log === 'json';
  const log = createLog(asJson, (line) => console.error(line));
  const platform = await serve(config, {
    version,
    worker: flags.worker,
    onLost: (error) => {
      console.error(`error: ${error.message}`);
      process.exitCode = 1;
      process.emit('SIGTERM');
    },
    log: log.info,
    onError: (error) => {
      // Connections break when everything ends.
      if (!stopping.signal.aborted) log.error(error);
    },
  });
  stopOnSignal(platform, stopping);
  try {
    if (hidesAddresses(config)) log.warn(HIDDEN);
    console.log(`Espalier is at ${platform.address} (its API at /graphql, an editor for it at /ide)`);
    // What is printed may be kept for long, and by others: a secret is printed when somebody is waiting for it.
    const isAwaited = flags.link || (platform.isNew && config.databaseUrl === undefined);
    const link = isAwaited ? await platform.signInLink() : null;
    showWayIn(link, flags.newKey ? await newAdminKey(platform.services.database.prisma) : null);
    if (flags.example) await showExample(platform, stopping.signal, log.warn);
  } catch (error) {
    // With the database that it started.
    await platform.close();
    throw error;
  }
  if (!stopping.signal.aborted) console.log('Ctrl-C ends it.');
}

function showWayIn(link: string | null, key: string | null): void {
  if (key !== null) console.log(`API key, shown only once, valid for 30 days: ${key}`);
  if (link !== null) console.log(`Sign in: ${link} (once, within 15 minutes)`);
  else console.log('npm start -- --sign-in-link shows a link that signs the first administrator in');
}

function readFlags(): Flags | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      'no-example': { type: 'boolean', default: false },
      'no-worker': { type: 'boolean', default: false },
      link: { type: 'boolean', default: false },
      migrate: { type: 'boolean', default: false },
      'new-key': { type: 'boolean', default: false },
      'sign-in-link': { type: 'boolean', default: false },
      operator: { type: 'string' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return null;
  }
  const [email, ...more] = positionals;
  const link = values['sign-in-link'];
  if (more.length > 0 || (email !== undefined && !link)) {
    throw new InputError(`${link ? more[0] : email} is not understood; see npm start -- --help`);
  }
  const worker = !values['no-worker'];
  return {
    ...{ example: !values['no-example'] && worker, worker, newKey: values['new-key'], link: values.link },
    migrate: values.migrate,
    ...(link ? { linkFor: email ?? null } : {}),
    ...(values.operator === undefined ? {} : { operator: values.operator }),
  };
}

/** npm and the terminal may both pass on one Ctrl-C: what follows this soon is not a second one. */
const ECHO_MS = 1000;
const CLOSE_PATIENCE_MS = 30_000;

/** The first signal ends everything in order, the second one at once. */
function stopOnSignal(platform: Platform, stopping: AbortController): void {
  let first = Number.NaN;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (stopping.signal.aborted) {
        if (performance.now() - first > ECHO_MS) process.exit(1);
        return;
      }
      first = performance.now();
      stopping.abort();
      console.error('stopping (once more ends it at once)');
      // Whatever does not end by itself: the database recovers, jobs go to another worker.
      setTimeout(() => process.exit(1), CLOSE_PATIENCE_MS).unref();
      await platform.close();
      process.exit();
    });
  }
}

/** Seen as by anybody: the command's watcher asks the API, with a separate key. */
async function showExample(
  { services, address, ownAddress }: Platform,
  signal: AbortSignal,
  warn: (text: string) => void,
): Promise<void> {
  const { prisma } = services.database;
  const made = await makeExample(services);
  if (!made) return;
  console.log(
    'The example: half of the MACs of ResNet-20 on CIFAR-10 are removed, by CIE (our reconstruction) and two baselines, each repaired and then briefly fine-tuned',
  );
  const expiresAt = new Date(Date.now() + EXAMPLE_KEY_MS);
  const watcher = { name: 'shows the example', role: 'viewer', expiresAt } as const;
  const { id, key } = await createApiKey(prisma, made.owner, watcher);
  try {
    const { showExperiment } = await import('@espalier/cli');
    const table = await showExperiment({ address: ownAddress, key }, made.experimentId, signal);
    console.log(`\n${table}\n`);
  } catch (error) {
    // Who watches misses something; what is watched goes on.
    if (!signal.aborted)
      warn(`the example goes on, but is no longer shown here: ${(error as Error).message}; see ${address}`);
  } finally {
    // Where everything ends at once it expires by itself.
    await prisma.apiKey.delete({ where: { id } }).catch(() => {});
  }
}

try {
  await main();
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  if (!(error instanceof InputError) && process.env.ESPALIER_DEBUG) console.error(error);
  process.exit(error instanceof TypeError && 'code' in error ? 2 : 1);
}
