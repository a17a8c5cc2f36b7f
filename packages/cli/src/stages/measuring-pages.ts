import { extname } from 'node:path';
import {
  type Measurement,
  measurementOf,
  measurePages,
  PAGE_BACKENDS,
  type PageBackend,
  type PageSubject,
  type Speedup,
  speedup,
  type Timed,
} from '@espalier/engines';
import { readArtifacts } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { InvalidArgumentError } from 'commander';

/** A model that is timed in TensorFlow.js. */
interface PageModel {
  readonly file: string;
  readonly network: Network;
}

export interface PageRow extends Measurement {
  readonly file: string;
  /** Against the reference with as many images; null for the reference itself. */
  readonly speedup: Speedup | null;
}

/** Models in one backend of TensorFlow.js, or why they were not timed there. */
export type PageReport =
  | {
      readonly backend: PageBackend;
      readonly description: string;
      readonly reference: string;
      readonly rows: readonly PageRow[];
      /** The reference against itself, for each number of images. */
      readonly checks: readonly (Speedup & { readonly batch: number })[];
    }
  | { readonly backend: PageBackend; readonly missing: string };

interface PageOptions {
  readonly backends: readonly PageBackend[];
  readonly batches: readonly number[];
  readonly repeats: number | undefined;
  readonly set: Readonly<Record<string, number>> | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/** "wasm,cpu" or "none" */
export function backendsValue(text: string): readonly PageBackend[] {
  if (text === 'none') return [];
  return text.split(',').map((each) => {
    const found = PAGE_BACKENDS.find((name) => name === each.trim());
    if (found) return found;
    throw new InvalidArgumentError(`Give ${PAGE_BACKENDS.join(', ')}, or none.`);
  });
}

/**
 * Times those of the models that are of TensorFlow.js in it, one backend after the other.
 *
 * @param against the model to compare with; the first of them where that is none
 */
export async function measureInPages(
  models: readonly PageModel[],
  against: string | undefined,
  { backends, batches, set, ...options }: PageOptions,
): Promise<readonly PageReport[]> {
  const own = models.filter(({ file }) => extname(file).toLowerCase() === '.json');
  const reference = own.find(({ file }) => file === against) ?? own[0];
  if (!reference) return [];
  const loaded = await Promise.all(
    own.map(async (each) => ({ ...each, model: await readArtifacts(each.file) })),
  );
  const again = loaded.filter(({ file }) => file === reference.file);
  const subjects = batches.flatMap((batch) =>
    [...loaded, ...again].map((each, i) => ({ ...each, batch, set, again: i === loaded.length })),
  );
  const reports: PageReport[] = [];
  for (const backend of backends) {
    const measured = await measurePages(backend, subjects, options);
    if ('missing' in measured) reports.push(measured);
    else {
      const { description, timed } = measured;
      reports.push({
        backend,
        description,
        reference: reference.file,
        ...compared(subjects, timed, reference.file),
      });
    }
  }
  return reports;
}

type Subject = PageSubject & PageModel & { readonly again: boolean };

function compared(subjects: readonly Subject[], timed: readonly Timed[], reference: string) {
  const all = subjects.flatMap((subject, i) => {
    const own = timed[i];
    return own ? [{ ...subject, timed: own }] : [];
  });
  const referenceOf = (batch: number) =>
    all.find((one) => one.file === reference && !one.again && one.batch === batch)?.timed;
  const against = ({ batch, timed: own }: (typeof all)[number]): Speedup | null => {
    const other = referenceOf(batch);
    return other ? speedup(own, other) : null;
  };
  return {
    rows: all
      .filter(({ again }) => !again)
      .map(
        (one): PageRow => ({
          ...measurementOf(one.timed),
          file: one.file,
          speedup: one.file === reference ? null : against(one),
        }),
      ),
    checks: all
      .filter(({ again }) => again)
      .flatMap((one) => {
        const own = against(one);
        return own ? [{ batch: one.batch, ...own }] : [];
      }),
  };
}
