import { readFile } from 'node:fs/promises';
import { InputError, readBy } from '@espalier/errors';
import { type SamplingRun, samplingRunSchema } from '@espalier/pruning';

/** Reads a sweep that `espalier sweep --out` wrote (its --json output works, too). */
export async function readSweep(file: string): Promise<SamplingRun> {
  return readBy(
    samplingRunSchema,
    await readJson(file),
    `${file} is not a sweep as espalier sweep --out writes it`,
  );
}

/** @param name of the file in messages */
export async function readJson(file: string, name = file): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      error.code === 'ENOENT' && name === file
        ? `there is no file ${file}`
        : `${name} cannot be read (${error.code})`,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${name} is not JSON: ${(error as Error).message}`);
  }
}
