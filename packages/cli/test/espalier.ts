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
const BIN = at('../bin/espalier.mjs');

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
 * The same in this process, which saves a start of Node: for what ends before anything is computed, or is computed in
 * no time. Ctrl-C, the exit of the process and its streams are seen by `espalier` alone.
 */
export async function espalierHere(
  args: readonly string[],
  { cwd, home: ownHome = TEST_HOME }: { cwd?: string; home?: string } = {},
): Promise<Finished> {
  const said = { stdout: '', stderr: '' };
  const before = process.cwd();
  const home = process.env.ESPALIER_HOME;
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += text;
      return true;
    }),
  );
  try {
    if (cwd) process.chdir(cwd);
    process.env.ESPALIER_HOME = ownHome;
    const context = { terminal: new Terminal(process.stderr), signal: new AbortController().signal };
    const code = await runCommand([process.execPath, BIN, ...args], context);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.chdir(before);
    if (home === undefined) delete process.env.ESPALIER_HOME;
    else process.env.ESPALIER_HOME = home;
  }
}

/** The JSON object of a command that must succeed. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
export async function espalierJson(args: readonly string[], options: RunOptions = {}): Promise<any> {
  const { code, stdout, stderr } = await espalier([...args, '--json'], options);
  if (code !== 0) throw new Error(`espalier ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
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
