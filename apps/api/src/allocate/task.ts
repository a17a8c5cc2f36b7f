import { MODEL_FORMATS, type ReadAs } from '@espalier/formats';
import type { Costs, NetworkMetadata } from '@espalier/network';
import type { PrunePlan } from '@espalier/pipeline';
import type { AskedTarget, DeviceTimes, SampledDrops } from '@espalier/pruning';
import { z } from 'zod';

/** Of what structures are searched. */
export interface Subject {
  /** The same for the same sampling and profile. */
  readonly key: string;
  /** Of the network. */
  readonly file: string;
  readonly name: string;
  /** What came beside the file; null if it says itself how pixels become its input, and where nothing does. */
  readonly metadata: NetworkMetadata | null;
  readonly readAs: ReadAs;
  readonly criterion: string;
  readonly seed: number;
  readonly allowInexact: boolean;
  /** The names of the groups that were sampled. */
  readonly groups: readonly string[];
  readonly sampled: SampledDrops;
  /** The units of each group, the most important first; or a file of a share of the sampling that says it; or null. */
  readonly order: readonly (readonly number[])[] | { readonly share: string } | null;
  readonly profile: DeviceTimes | null;
}

/** How it is searched. */
export interface Search {
  readonly target: AskedTarget;
  readonly limits: PrunePlan['limits'];
  /** Of an allocation that draws. */
  readonly seed: number;
}

export type Task =
  /** What each allocation comes to. */
  | {
      readonly kind: 'find';
      readonly subject: Subject;
      readonly search: Search;
      readonly allocations: readonly string[];
    }
  /** What each leaves of each group and of each weight tensor. */
  | {
      readonly kind: 'detail';
      readonly subject: Subject;
      readonly search: Search;
      readonly allocations: readonly string[];
    }
  /** The network cut so, written to a file. */
  | {
      readonly kind: 'cut';
      readonly subject: Subject;
      readonly search: Search;
      readonly allocation: string;
      readonly out: string;
    };

const count = z.int().nonnegative();
const widths = z.array(count);
/** Latency is there or left out, never undefined: it comes as JSON does. */
const costs = z.strictObject({
  params: z.number(),
  macs: z.number(),
  latency: z.number().optional(),
}) as unknown as z.ZodType<Costs>;
const share = z.number();

/** What may come of each. */
export const answers = {
  find: z.strictObject({
    base: costs,
    /** Of the target's metric, to be removed. */
    share,
    /** The share of it that any allocation may remove at most. */
    largest: share,
    structures: z.array(
      z.strictObject({
        ...{ allocation: z.string(), widths, cost: costs, achieved: costs },
        /** Null beyond what was sampled. */
        drop: z.number().nullable(),
      }),
    ),
    refused: z.array(z.strictObject({ allocation: z.string(), reason: z.string() })),
  }),
  /** In their order. */
  detail: z.array(
    z.strictObject({
      groups: z.array(
        z.strictObject({
          group: z.string(),
          before: count,
          after: count,
          kept: z.array(count),
          alone: costs,
        }),
      ),
      cuts: z.array(z.strictObject({ tensor: z.string(), axis: count, kept: z.array(count) })),
      trace: z.array(
        z.strictObject({
          ...{ threshold: z.number(), saving: share, widths },
          kind: z.enum(['bisect', 'take', 'give-back']),
        }),
      ),
    }),
  ),
  cut: z.strictObject({ bytes: count, format: z.enum(MODEL_FORMATS) }),
} as const;

export type Answers = { readonly [K in Task['kind']]: z.infer<(typeof answers)[K]> };
