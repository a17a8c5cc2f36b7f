import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, readBy } from '@espalier/errors';
import { z } from 'zod';
import type { ImageJudge, ImageMetric } from './image-metric.ts';
import { keepMetric, metricKey, RANGES } from './metrics.ts';

const facts = z.object({
  name: z.string().regex(/^[^:@\n]{1,40}$/, 'give a name of at most 40 letters, without : and @'),
  direction: z.enum(['higher', 'lower'], 'say which way is better: higher or lower'),
  unit: z.enum(['share', 'nats', 'ratio'], 'give share (0 to 1), nats or ratio'),
});

/** Other files could change without anybody noticing. */
const OTHER_FILE = /(?:\bfrom|\bimport)\s*\(?\s*['"`]\.{0,2}\//;

/**
 * Loads a metric of one's own: a module that exports `name`, `direction`, `unit` and `start()`, which answers `add(outputs,
 * name, label, geometry)` and `result(images)`; see docs/guide/metrics.md. Its code is run, so it is for one's own
 * machine. From then on it is found by its name, which holds the file's hash: so do the keys of all that it decides.
 *
 * @throws {InputError} for a file that is none, in one line
 */
export async function loadMetric(file: string): Promise<ImageMetric> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file} cannot be read (${error.code})`, 'metric');
  });
  if (OTHER_FILE.test(bytes.toString())) {
    throw new InputError(
      `${file} imports another file, and results are kept by the hash of one: put all of it into ${file}`,
      'metric',
    );
  }
  const hash = createHash('sha256').update(bytes).digest('hex');
  const module = await imported(file, hash);
  if (!bytes.equals(await readFile(file))) {
    throw new InputError(`${file} was changed while it was loaded: run the command again`, 'metric');
  }
  const {
    name: label,
    direction,
    unit,
  } = readBy(facts, { name: module.name, direction: module.direction, unit: module.unit }, file, 'metric');
  const { start } = module;
  if (typeof start !== 'function') {
    throw new InputError(`${file} exports no function start: see docs/guide/metrics.md`, 'metric');
  }
  const metric: ImageMetric = {
    name: metricKey({ label: `${label}@${hash}`, direction, unit }),
    ...{ label, direction, unit, range: RANGES[unit], needsLabels: false, by: 'images', unchanged: null },
    ...{ form: null, description: `by ${file}` },
    start: () => checkedJudge(start(), file),
  };
  metric.start();
  keepMetric(metric);
  return metric;
}

async function imported(file: string, hash: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(`${pathToFileURL(resolve(file)).href}?${hash}`);
  } catch (error) {
    const [message] = String((error as Error)?.message ?? error).split('\n');
    throw new InputError(`${file} cannot be loaded as a module: ${message}`, 'metric');
  }
}

function checkedJudge(judge: unknown, file: string): ImageJudge {
  const { add, result } = (judge ?? {}) as Partial<ImageJudge>;
  if (typeof add === 'function' && typeof result === 'function') return judge as ImageJudge;
  throw new InputError(`${file}: start() answers no add() and result(): see docs/guide/metrics.md`, 'metric');
}
