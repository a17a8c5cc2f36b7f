// What others published: it is beside own runs, and is never ranked with them.
import { z } from 'zod';
import shippedFile from '../data/published-results.json' with { type: 'json' };
import type { ComparedResult } from './comparability.ts';

/**
 * What a "FLOP" is where a cost comes from: one multiply-accumulate, or multiplication and addition by themselves,
 * twice as many. A share that was saved is the same in both; a cost is not, and is never converted.
 */
export const COST_UNITS = ['mac', 'twoPerMac'] as const;
export type CostUnit = (typeof COST_UNITS)[number];

const line = (most: number) => z.string().trim().min(1, 'give it').max(most, `at most ${most} characters`);
const fraction = z
  .number()
  .min(0, 'a fraction from 0 to 1')
  .max(1, 'a fraction from 0 to 1, not per cent')
  .nullable();

const source = {
  title: line(300),
  authors: line(500).nullable(),
  year: z.int().min(1950, 'a year from 1950 on').max(2100, 'a year').nullable(),
  venue: line(200).nullable(),
  url: z
    .url({ protocol: /^https?$/, message: 'an address that begins with https://' })
    .max(500)
    .nullable(),
  doi: z
    .string()
    .trim()
    .regex(/^10\.\d{4,9}\/\S{1,200}$/, 'a DOI such as 10.1000/182, without https://doi.org/')
    .nullable(),
};

const result = {
  architecture: line(100),
  /** Null if the source does not say. */
  dataset: line(100).nullable(),
  method: line(200),
  unit: z.enum(COST_UNITS).nullable(),
  /** What else must be known of how the source counts. */
  accounting: line(500).nullable(),
  baseTop1: fraction,
  top1: fraction,
  baseTop5: fraction,
  top5: fraction,
  savedMacs: fraction,
  savedParams: fraction,
  note: z.string().trim().max(2000, 'at most 2000 characters'),
};

/** A result with its source. What a source does not say is null. Accuracies and savings are fractions. */
export const publishedResultSchema = z
  .strictObject({ ...result, ...source })
  .superRefine((value, context) => {
    const problem = (path: keyof typeof value, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const { url, doi, venue, savedMacs, savedParams, top1, top5, baseTop1, baseTop5 } = value;
    if (url === null && doi === null && venue === null) {
      problem('url', 'give a reference: an address, a DOI or a venue');
    }
    if (savedMacs === null && savedParams === null) {
      problem('savedMacs', 'give the share of MACs or of params that was removed');
    }
    if (top1 !== null && top5 !== null && top5 < top1) problem('top5', 'top-5 is at least top-1');
    if (baseTop1 !== null && baseTop5 !== null && baseTop5 < baseTop1) {
      problem('baseTop5', 'top-5 is at least top-1');
    }
  });
export type PublishedResult = z.infer<typeof publishedResultSchema>;

/** One that comes with Espalier. */
export type ShippedResult = PublishedResult & { readonly id: string };

const fileSchema = z.strictObject({
  about: z.string(),
  sources: z.record(z.string(), z.strictObject(source)),
  results: z.array(z.strictObject({ ...result, id: z.string().regex(/^[a-z0-9-]+$/), source: z.string() })),
});

/** How the ids of those that come with Espalier begin. */
export const SHIPPED_PREFIX = 'pub_shipped_';

let shipped: readonly ShippedResult[] | undefined;

/** Those that come with Espalier, in the order of the file. */
export function shippedResults(): readonly ShippedResult[] {
  shipped ??= read();
  return shipped;
}

function read(): ShippedResult[] {
  const { sources, results } = fileSchema.parse(shippedFile);
  return results.map(({ id, source: key, ...rest }) => {
    const found = publishedResultSchema.parse({ ...rest, ...sources[key] });
    return { id: `${SHIPPED_PREFIX}${id}`, ...found };
  });
}

/** A name as one compares it: `cifar10` is CIFAR-10. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** A published result in the form that the rules compare: what a publication does not say is not known. */
export function asCompared(published: PublishedResult): ComparedResult {
  const { method, architecture, dataset, savedMacs, savedParams, top1, top5 } = published;
  const target =
    savedMacs === null
      ? ({ metric: 'params', share: savedParams ?? 0 } as const)
      : ({ metric: 'macs', share: savedMacs } as const);
  return {
    name: `${method} (${architecture})`,
    published: true,
    base: null,
    dataset,
    images: null,
    recipe: undefined,
    recalibrated: null,
    setting: `published ${target.metric}=${target.share} ${method}`,
    allocation: method,
    criterion: '',
    seed: 0,
    ...target,
    params: null,
    macs: null,
    savedParams,
    savedMacs,
    value: top1,
    top5,
    classes: null,
    device: null,
  };
}
