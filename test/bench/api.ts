/**
 * `npm run bench:api [-- --memory 100000 --write]`: what the API adds to the bare SQL, and whether its memory
 * grows. Fills a separate database once (kept in --home for the next call). Prints Markdown; with --write it goes
 * to docs/results/api.md. `--runs 1000 --points 10000 --requests 5 --memory 1000` looks for faults quickly.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { processorName } from '@espalier/latency';
import { type Database, openDatabase, startEmbeddedPostgres } from '@espalier/store';
import { guideQuestions } from '../../apps/api/test/guide.ts';
import { cpuOf } from './api/cpu.ts';
import { filled, keyOf } from './api/database.ts';
import { valuesOf } from './api/guide-values.ts';
import { QUESTIONS } from './api/questions.ts';
import { median } from './subject.ts';

const { values: options } = parseArgs({
  options: {
    home: { type: 'string', default: '/var/tmp/espalier-bench-api' },
    runs: { type: 'string', default: '10000' },
    points: { type: 'string', default: '1000000' },
    requests: { type: 'string', default: '30' },
    memory: { type: 'string', default: '100000' },
    write: { type: 'boolean', default: false },
  },
});
const size = { runs: Number(options.runs), points: Number(options.points) };
const requests = Number(options.requests);
const lines: string[] = [];

await mkdir(options.home, { recursive: true });
const postgres = await startEmbeddedPostgres(path.join(options.home, 'postgres'));
let server: ChildProcess | undefined;
try {
  const url = await filled(postgres.url, size);
  const key = await keyOf(url);
  server = fork(fileURLToPath(new URL('api/server.ts', import.meta.url)), [url, options.home], {
    // As each start of ours has it.
    execArgv: ['--max-semi-space-size=64', '--import', 'tsx'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const { address } = await told<{ address: string }>(server);
  const ask = asker(address, key);
  const database = await openDatabase(url);
  say('# What the API adds to its database\n');
  say(
    `Command: \`npm run bench:api -- --write\`. Machine: ${processorName()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0]?.toFixed(1)}; Node ${process.versions.node}; PostgreSQL from npm on the same machine.\n`,
  );
  say(
    `${size.runs} runs with results in the team that asks (three other teams have a quarter of it each), ${size.points} sampled points. Medians of ${requests} requests over HTTP, one after the other, in turns with the bare SQL of the same rows; computed: what API and database compute for it beyond the bare SQL, whoever else computes on the machine.\n`,
  );
  await questions(server, ask, database);
  await guide(server, ask, database);
  await memory(server, ask, Number(options.memory));
  await database.close();
} finally {
  if (server?.connected) server.disconnect();
  await postgres.stop();
}
if (options.write) await writeFile(new URL('../../docs/results/api.md', import.meta.url), lines.join('\n'));
process.exit(0);

type Ask = (query: string, variables?: object) => Promise<string>;

function asker(address: string, key: string): Ask {
  return async (query, variables = {}) => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    if (text.startsWith('{"errors"') || !response.ok) throw new Error(text.slice(0, 500));
    return text;
  };
}

async function questions(child: ChildProcess, ask: Ask, database: Database): Promise<void> {
  const { pool } = database;
  const cpu = await cpuOf(database, child.pid ?? 0);
  sayHead();
  for (const { name, ask: query, sql } of QUESTIONS) {
    await ask(query);
    await tell(child, 'count');
    const answer = await ask(query);
    const { count } = await tell<{ count: number }>(child, 'counted');
    const bare = () => milliseconds(() => pool.query(sql));
    say(row(name, count, await inTurns(cpu, bare, () => milliseconds(() => ask(query))), answer));
  }
  say('');
}

/** The questions of docs/guide/api.md. The bare SQL is what the API asks the database for them. */
async function guide(child: ChildProcess, ask: Ask, database: Database): Promise<void> {
  say(
    'The questions of [the guide](../guide/api.md). The bare SQL is the statements that the API asks for them.\n',
  );
  const cpu = await cpuOf(database, child.pid ?? 0);
  sayHead();
  const values = await valuesOf(database);
  for (const { title, query, variables } of await guideQuestions()) {
    const given = Object.fromEntries(variables.map((name) => [name, values[name]]));
    await ask(query, given);
    await tell(child, 'count');
    const answer = await ask(query, given);
    const { count } = await tell<{ count: number }>(child, 'counted');
    const bare = async () => (await tell<{ ms: number }>(child, 'again')).ms;
    say(row(title, count, await inTurns(cpu, bare, () => milliseconds(() => ask(query, given))), answer));
  }
  say('');
}

interface Taken {
  /** Medians, ms. */
  readonly bare: number;
  readonly whole: number;
  /** What API and database compute for a request beyond the bare statements, ms on average. */
  readonly computed: number;
}

async function inTurns(
  cpu: Awaited<ReturnType<typeof cpuOf>>,
  askBare: () => Promise<number>,
  askWhole: () => Promise<number>,
): Promise<Taken> {
  const [bare, whole]: [number[], number[]] = [[], []];
  let computed = 0;
  for (let i = 0; i < requests; i++) {
    const first = cpu();
    bare.push(await askBare());
    const second = cpu();
    whole.push(await askWhole());
    const third = cpu();
    computed += third.own - second.own + third.database - second.database;
    computed -= second.database - first.database;
  }
  return { bare: median(bare), whole: median(whole), computed: computed / requests };
}

function sayHead(): void {
  say('| question | statements | bare SQL | over HTTP | added | computed | answer |');
  say('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
}

function row(name: string, count: number, { bare, whole, computed }: Taken, answer: string): string {
  const told = [bare, whole, whole - bare, computed].map((ms) => `${ms.toFixed(1)} ms`).join(' | ');
  return `| ${name} | ${count} | ${told} | ${(answer.length / 1000).toFixed(0)} kB |`;
}

async function memory(child: ChildProcess, ask: Ask, most: number): Promise<void> {
  const marks = new Set([0.1, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * most)));
  const short = '{ runs(first: 5) { nodes { id experiment { name } result { top1 } } } }';
  say('Lists of five runs with their experiments and results, eight requests at a time.\n');
  say('| requests | resident memory |');
  say('| ---: | ---: |');
  for (let done = 0, under = 8; done < most; done += under) {
    under = Math.min(8, most - done);
    await Promise.all(Array.from({ length: under }, () => ask(short)));
    for (const mark of marks) {
      if (mark > done + under) continue;
      marks.delete(mark);
      const { rss } = await tell<{ rss: number }>(child, 'rss');
      say(`| ${mark} | ${(rss / 2 ** 20).toFixed(0)} MiB |`);
    }
  }
  say('');
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function told<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the server ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}

function tell<T>(child: ChildProcess, message: string): Promise<T> {
  const answer = told<T>(child);
  child.send(message);
  return answer;
}

function say(line: string): void {
  lines.push(line);
  console.log(line);
}
