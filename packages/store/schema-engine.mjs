#!/usr/bin/env node
// Stand-in for Prisma's native schema-engine binary: same JSON-RPC on stdio, backed by the wasm build from npm.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bg from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const argv = process.argv.slice(2);
const opts = { datamodels: [] };
for (let i = 0; i < argv.length; i++) {
  if (argv[i] === '--version') {
    console.log('schema-engine-cli wasm');
    process.exit(0);
  } else if (argv[i] === '--datamodels') opts.datamodels.push(argv[++i]);
  else if (argv[i] === '--datasource') opts.datasource = JSON.parse(argv[++i]);
  else if (argv[i] === 'cli') {
    opts.cli = argv[++i];
  } else i++;
}
const fail = (code, message) => {
  process.stderr.write(
    '\n' +
      JSON.stringify({
        level: 'ERROR',
        target: 'schema_engine::logger',
        fields: { error_code: code, message },
      }) +
      '\n',
  );
  process.exit(1);
};
const split = (url) => {
  const u = new URL(url);
  const schema = u.searchParams.get('schema') ?? undefined;
  for (const k of ['schema', 'connection_limit', 'pool_timeout', 'pgbouncer']) u.searchParams.delete(k);
  return { connectionString: u.toString(), schema };
};
const dbName = (url) => decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
async function withClient(url, fn) {
  const c = new pg.Client({ connectionString: split(url).connectionString });
  await c.connect();
  try {
    return await fn(c);
  } finally {
    await c.end();
  }
}
const maintenance = (url) => {
  const u = new URL(url);
  u.pathname = '/postgres';
  return u.toString();
};
const createDb = (url) =>
  withClient(maintenance(url), async (c) => {
    try {
      await c.query(`CREATE DATABASE ${c.escapeIdentifier(dbName(url))}`);
    } catch (e) {
      if (e.code !== '42P04' && e.code !== '23505') throw e;
    } // another process made it first
  });

if (opts.cli) {
  const url = opts.datasource.url;
  try {
    if (opts.cli === 'can-connect-to-database') await withClient(url, (c) => c.query('select 1'));
    else if (opts.cli === 'create-database') await createDb(url);
    else if (opts.cli === 'drop-database')
      await withClient(maintenance(url), (c) =>
        c.query(`DROP DATABASE IF EXISTS ${c.escapeIdentifier(dbName(url))} WITH (FORCE)`),
      );
    process.exit(0);
  } catch (e) {
    fail(
      e.code === '3D000'
        ? 'P1003'
        : e.code === 'ECONNREFUSED'
          ? 'P1001'
          : e.code === '28P01'
            ? 'P1000'
            : 'P1011',
      e.message,
    );
  }
}

globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  message: '',
  set_message(m) {
    this.message = m;
    if (process.env.DEBUG) process.stderr.write(`PANIC: ${m}\n`);
  },
};
async function loadWasm() {
  const dir = new URL('.', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(
    readFileSync(fileURLToPath(new URL('schema_engine_bg.wasm', dir))),
    { './schema_engine_bg.js': bg },
  );
  bg.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}
// @prisma/adapter-pg, with what the schema engine needs and the stock adapter lacks:
//  - catalog types ("char", oid vectors, ...) that it refuses;  - scripts sent whole (it splits on every ';', which breaks $$ bodies);
//  - a shadow database really of its own (pg lets connectionString win over `database`), dropped after its pool has ended.
const MISSING = new Map([[18, 6 /* Character */]]);
const TEXTUAL = 7;
function patch(conn) {
  const stock = conn.queryRaw.bind(conn);
  conn.queryRaw = async (q) => {
    try {
      return await stock(q);
    } catch (e) {
      if (e?.cause?.kind !== 'UnsupportedNativeDataType') throw e;
      const r = await conn.performIO(q);
      return {
        columnNames: r.fields.map((f) => f.name),
        columnTypes: r.fields.map((f) => columnType(f.dataTypeID)),
        rows: r.rows,
      };
    }
  };
  conn.executeScript = async (script) => {
    try {
      await conn.client.query(script);
    } catch (e) {
      conn.onError(e);
    }
  };
  const begin = conn.startTransaction?.bind(conn);
  if (begin) conn.startTransaction = async (iso) => patch(await begin(iso));
  return conn;
}
const KNOWN = new Map([
  [16, 5],
  [20, 1],
  [21, 0],
  [23, 0],
  [25, 7],
  [26, 1],
  [19, 7],
  [1042, 7],
  [1043, 7],
  [700, 2],
  [701, 3],
  [1700, 4],
  [114, 11],
  [3802, 11],
  [2950, 15],
  [1082, 8],
  [1083, 9],
  [1114, 10],
  [1184, 10],
  [17, 13],
  [1000, 69],
  [1005, 64],
  [1007, 64],
  [1016, 65],
  [1028, 65],
  [1003, 71],
  [1009, 71],
  [1014, 71],
  [1015, 71],
  [1002, 70],
]);
const columnType = (oid) => KNOWN.get(oid) ?? MISSING.get(oid) ?? TEXTUAL;
function pgConfig(url, database) {
  const u = new URL(url);
  return {
    host: decodeURIComponent(u.hostname) || undefined,
    port: u.port ? Number(u.port) : undefined,
    user: decodeURIComponent(u.username) || undefined,
    password: decodeURIComponent(u.password) || undefined,
    database: database ?? dbName(url),
    ssl: ['require', 'verify-ca', 'verify-full'].includes(u.searchParams.get('sslmode')) ? true : undefined,
    max: 1,
    options: u.searchParams.get('schema') ? `-c search_path="${u.searchParams.get('schema')}"` : undefined,
  };
}
function adapterFactory(url) {
  const schema = new URL(url).searchParams.get('schema') ?? undefined;
  const open = (database) => new PrismaPg(pgConfig(url, database), { schema });
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => patch(await open().connect()),
    connectToShadowDb: async () => {
      const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
      await withClient(maintenance(url), (c) => c.query(`CREATE DATABASE ${c.escapeIdentifier(database)}`));
      const conn = patch(await open(database).connect());
      const close = conn.dispose.bind(conn);
      conn.dispose = async () => {
        await close();
        await withClient(maintenance(url), (c) =>
          c.query(`DROP DATABASE IF EXISTS ${c.escapeIdentifier(database)} WITH (FORCE)`),
        );
      };
      return conn;
    },
  };
}
let enginePromise;
const engine = () =>
  (enginePromise ??= (async () => {
    await loadWasm();
    const factory = bindMigrationAwareSqlAdapterFactory(
      adapterFactory(opts.datasource?.url ?? 'postgresql://none@127.0.0.1:1/none'),
    );
    return bg.SchemaEngine.new(
      {
        datamodels: opts.datamodels.length
          ? opts.datamodels.map((f) => [f, readFileSync(f, 'utf8')])
          : undefined,
      },
      (log) => process.env.DEBUG && process.stderr.write(`${String(log)}\n`),
      factory,
    );
  })());
const special = {
  async createDatabase(p) {
    const url = p.datasource.url ?? opts.datasource.url;
    await createDb(url);
    return { databaseName: dbName(url) };
  },
  async getDatabaseVersion() {
    return (await engine()).version(null);
  },
};
const rl = createInterface({ input: process.stdin, crlfDelay: Infinity });
const pending = new Set();
for await (const line of rl) {
  if (!line.trim()) continue;
  const { id, method, params } = JSON.parse(line);
  if (!method) continue;
  const job = (async () => {
    try {
      const result = special[method] ? await special[method](params) : await (await engine())[method](params);
      if (method === 'diff' && result?.stdout) {
        process.stdout.write(
          `${JSON.stringify({
            jsonrpc: '2.0',
            id: 100000 + id,
            method: 'print',
            params: { content: result.stdout },
          })}\n`,
        );
      }
      process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: result ?? null })}\n`);
    } catch (caught) {
      if (process.env.DEBUG) console.error(caught);
      const panic = globalThis.PRISMA_WASM_PANIC_REGISTRY.message;
      const e = panic ? new WebAssembly.RuntimeError(panic) : caught;
      process.stdout.write(
        `${JSON.stringify({
          jsonrpc: '2.0',
          id,
          error: {
            code: 4466,
            message: e.message,
            data: {
              is_panic: e instanceof WebAssembly.RuntimeError,
              message: e.message,
              error_code: e.code ?? null,
              meta: e.meta ?? null,
            },
          },
        })}\n`,
      );
    }
  })();
  pending.add(job);
  job.finally(() => pending.delete(job));
}
await Promise.all(pending);
process.exit(0);
