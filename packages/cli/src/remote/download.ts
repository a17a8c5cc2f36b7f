import path from 'node:path';
import { type Client, type FetchedFile, fetchFile } from '@espalier/client';
import { InputError } from '@espalier/errors';
import type { Terminal } from '../terminal.ts';
import type { Run } from './runs.ts';

export interface Written extends FetchedFile {
  readonly id: string;
}

/**
 * The network of a run as a file: whole, and with the hash that the platform knows it by, or not at all.
 *
 * @param repaired as it was repaired, before what followed
 * @throws {InputError} if there is none, or what arrives is not it
 */
export async function downloadNetwork(
  client: Client,
  { id, state, result }: Run,
  file: string,
  terminal: Terminal,
  repaired = false,
): Promise<Written> {
  if (!result) throw new InputError(`run ${id} has no network yet: it is ${state}`);
  if (!repaired) {
    const { sha256, downloadUrl } = result;
    if (sha256 === null || downloadUrl === null) {
      throw new InputError(`run ${id} has no network: only its numbers were reported`);
    }
    return download(client, { id, sha256, downloadUrl, what: `the network of run ${id}` }, file, terminal);
  }
  if (!result.repaired) throw new InputError(missing(id, result.repair !== null), 'repaired');
  const wanted = { id, ...result.repaired, what: `the repaired network of run ${id}` };
  return download(client, wanted, file, terminal);
}

/** Why there is no repaired network beside the one that a run ends with. */
function missing(id: string, wasRepaired: boolean): string {
  return wasRepaired
    ? `run ${id} ends with its repaired network, or is too old to have kept it: leave --repaired out`
    : `run ${id} was not repaired: leave --repaired out`;
}

const ENDINGS = ['.onnx', '.json', '.zip', '.keras', '.h5'];

/** @throws {InputError} for a file that is called after another format than it would be in */
export function checkEnding(file: string, extension: string): void {
  const given = path.extname(file).toLowerCase();
  if (given === extension || !ENDINGS.includes(given)) return;
  const what = extension === '.zip' ? ', a zip of a model of TensorFlow.js' : '';
  throw new InputError(`--out ${file}: the network is a ${extension} file${what}: name it *${extension}`);
}

interface Wanted {
  readonly id: string;
  readonly downloadUrl: string;
  /** Null of what is made when it is fetched. */
  readonly sha256: string | null;
  /** In words. */
  readonly what: string;
}

/** The same of whatever the platform knows by its hash. */
export async function download(
  client: Client,
  { id, downloadUrl, sha256, what }: Wanted,
  file: string,
  terminal: Terminal,
): Promise<Written> {
  const progress = terminal.progress('downloading', 'bytes');
  const onReceived = (received: number, size: number) => progress.update(received, size);
  try {
    return { id, ...(await fetchFile(client, downloadUrl, file, { sha256, what, onReceived })) };
  } finally {
    terminal.endProgress();
  }
}
