import { METRIC_NAMES } from '@espalier/engines';
import { COST_METRICS } from '@espalier/network';
import { RunState } from '@espalier/store';
import { z } from 'zod';

const measured = z.number().nullable();
// What may be left out is read as null.
const someText = z.string().nullable().default(null);
const someNumber = measured.default(null);
const someRound = z.int().nullable().default(null);

/** By metric, where outputs were compared. */
const values = z.partialRecord(z.enum(METRIC_NAMES), measured).optional();
const quality = z.object({ top1: measured, top5: measured, loss: measured, n: z.int(), values });

/** What is told of a run: each kind of event with its data, as they are in the table. */
export const RUN_EVENTS = {
  created: z.object({
    state: z.enum(RunState),
    allocation: z.string(),
    criterion: z.string(),
    seed: z.int(),
    /** The id of a run. */
    clonedFrom: someText,
  }),
  claimed: z.object({ workerId: z.string(), claim: z.int() }),
  sampled: z.object({ samplingRunId: z.string() }),
  state: z.object({
    state: z.enum(RunState),
    /** Why it waits again. */
    reason: someText,
    /** Why it failed. */
    error: someText,
    /** Of its result. */
    top1: someNumber,
    macs: someNumber,
  }),
  round: z.object({
    round: z.int(),
    target: z.object({ metric: z.enum(COST_METRICS), share: z.number() }),
    achieved: z.object({ params: z.number(), macs: z.number(), latency: z.number().optional() }),
    structure: z.array(z.object({ group: z.string(), before: z.int(), after: z.int() })),
    before: quality,
    after: quality,
  }),
  epoch: z.object({
    epoch: z.number(),
    /** Null of a training that has diverged: JSON has no NaN. */
    loss: measured,
    top1: measured,
    /** Null if another tool did not tell it. */
    learningRate: measured,
    imagesPerSecond: measured,
    seconds: measured,
    /** The round that it follows; null behind the last cut. */
    round: someRound,
  }),
  resumed: z.object({ step: z.int(), round: someRound }),
  /** The repaired network is safe. */
  repaired: z.object({ images: z.int(), layers: z.int(), left: z.int() }),
  checkpoint: z.object({ step: z.int() }),
  warning: z.object({ text: z.string() }),
};

export type RunEventKind = keyof typeof RUN_EVENTS;
export type RunEventData = { readonly [Kind in RunEventKind]: Readonly<z.output<(typeof RUN_EVENTS)[Kind]>> };

/** An event that is to be written. */
export type NewEvent<Kind extends RunEventKind = RunEventKind> = {
  readonly [Each in Kind]: { readonly kind: Each } & DeepReadonly<z.input<(typeof RUN_EVENTS)[Each]>>;
}[Kind];

/** An event as it is told. */
export type ToldEvent = {
  readonly [Kind in RunEventKind]: { readonly kind: Kind } & RunEventData[Kind];
}[RunEventKind];

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** Null for a kind, or data, that another version of this has written. */
export function readEvent(row: { readonly kind: string; readonly data: unknown }): ToldEvent | null {
  if (!Object.hasOwn(RUN_EVENTS, row.kind)) return null;
  const kind = row.kind as RunEventKind;
  const { data } = RUN_EVENTS[kind].safeParse(row.data);
  return data === undefined ? null : ({ kind, ...data } as ToldEvent);
}
