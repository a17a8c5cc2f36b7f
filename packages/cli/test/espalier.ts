import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { runCommand } from '../src/run.ts';
import { Terminal } from '../src/terminal.ts';

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export const RESNET20 = at('../../../models/resnet20-cifar10.onnx');
/** A home that outlives test runs: data sets are decoded once. */
export const TEST_HOME = at('../../../node_modules/.cache/espalier-test');
export const BIN = at('../bin/espalier.mjs');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the real command in a separate process. */
export function espalier(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd,
    env: { ...process.env, NO_COLOR: '1', ESPALIER_DEBUG: '', ESPALIER_HOME: TEST_HOME, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  return new Promise((resolve, reject) => {
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

/**
 * The same in this process, which saves a start of Node (a second of a processor): one command at a time. Ctrl-C, the
 * exit of the process and its streams are seen by `espalier` alone.
 */
export async function espalierHere(
  args: readonly string[],
  { cwd, env = {} }: Omit<RunOptions, 'onStart'> = {},
): Promise<Finished> {
  const said = { stdout: '', stderr: '' };
  const before = process.cwd();
  const restore = setVariables({ ESPALIER_HOME: TEST_HOME, ...env });
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += text;
      return true;
    }),
  );
  try {
    if (cwd) process.chdir(cwd);
    const context = { terminal: new Terminal(process.stderr), signal: new AbortController().signal };
    const code = await runCommand([process.execPath, BIN, ...args], context);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.chdir(before);
    restore();
  }
}

/** Sets variables of this process; what it returns puts back what they were. */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** The JSON object of a command that must succeed, in a separate process. */
export const espalierJson = asJson(espalier);

/** The same in this process: see `espalierHere`. */
export const espalierJsonHere = asJson(espalierHere);

function asJson<Options>(run: (args: readonly string[], options?: Options) => Promise<Finished>) {
  // biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
  return async (args: readonly string[], options?: Options): Promise<any> => {
    const { code, stdout, stderr } = await run([...args, '--json'], options);
    if (code !== 0) throw new Error(`espalier ${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout);
  };
}

/** A folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder, as relative paths. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
