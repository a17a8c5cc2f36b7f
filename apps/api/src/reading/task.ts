import type { PackSize, ValAs } from '@espalier/datasets';
import { type GivenFile, MODEL_MEDIA_TYPES, metadataSchema, type ReadAs } from '@espalier/formats';
import { profileSchema } from '@espalier/latency';
import { DATA_TYPES, type KeptUnits, type NetworkMetadata, type Preprocessing } from '@espalier/network';
import { type PlanData, type PrunePlan, readAsSchema } from '@espalier/pipeline';
import type { SamplingPlan } from '@espalier/pruning';
import type { ModelSummary } from '@espalier/runs';
import { z } from 'zod';
import type { MostUnpacked } from './unzip.ts';

/** What is to be read of which file. */
export type Task =
  /** A network, and its preprocessing where that came beside it. */
  | {
      readonly kind: 'model';
      readonly file: string;
      /**
       * Where the file uses which it is known, where that is another one: a zip of several files, which is made again.
       */
      readonly bundle: string;
      readonly beside: NetworkMetadata | null;
      readonly readAs: ReadAs;
    }
  /** A model, to which is added how pixels become its input; where it goes. */
  | {
      readonly kind: 'modelWith';
      readonly file: string;
      readonly metadata: NetworkMetadata;
      readonly out: string;
    }
  /** A packed data set, or one that is known by its name. */
  | {
      readonly kind: 'dataset';
      readonly file: string | null;
      readonly name: string;
      /** Of caches. */
      readonly home: string;
    }
  /** A zip of a folder of images. */
  | {
      readonly kind: 'images';
      readonly file: string;
      /** What the data set is called. */
      readonly name: string;
      /** An empty one, which whoever asks removes. */
      readonly folder: string;
      /** Of all images; what is left out is as they are stored. */
      readonly size: PackSize;
      readonly valAs: ValAs | null;
      /** Where the packed data set is to be; null: it is not packed. */
      readonly packed: string | null;
      readonly most: MostUnpacked & {
        /** Of the packed data set. */
        readonly packed: number;
      };
    }
  /** One image as a network gets it: of a data set's search split, or a picture. */
  | {
      readonly kind: 'inputPreview';
      /** Null for a data set that is known by its name. */
      readonly file: string | null;
      readonly of: 'dataset' | 'picture';
      readonly name: string;
      /** Of caches. */
      readonly home: string;
      readonly index: number;
      readonly preprocessing: Preprocessing;
    }
  /** What to remove for each cell of an imported sampling. */
  | {
      readonly kind: 'samplingPlan';
      readonly file: string;
      readonly readAs: ReadAs;
      readonly criterion: string;
      readonly seed: number;
      readonly grid: readonly number[];
      readonly allowInexact: boolean;
    }
  /** An imported network, and what it was made of. */
  | {
      readonly kind: 'prunedNetwork';
      readonly file: string;
      readonly base: string;
      /** Both. */
      readonly readAs: ReadAs;
      /** Null: the network alone says how many units each group has left. */
      readonly kept: readonly KeptUnits[] | null;
    }
  /** What a device takes, and whether it goes with the network that it was measured with, where that is at hand. */
  | { readonly kind: 'profile'; readonly file: string; readonly network: GivenFile | null }
  /** Whether plans go with a network. */
  | {
      readonly kind: 'plans';
      readonly file: string;
      readonly readAs: ReadAs;
      readonly name: string;
      /** As they were registered; null: the file's own. */
      readonly metadata: NetworkMetadata | null;
      readonly allowInexact: boolean;
      readonly data: PlanData;
      /** A device profile's file, by which latency is known; null: it is not. */
      readonly profile: string | null;
      readonly plans: readonly PrunePlan[];
    };

const numbers = z.array(z.number());
const count = z.int().nonnegative();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

const cost = { params: z.number(), macs: z.number() };
const names = z.array(z.string());
const summary: z.ZodType<Omit<ModelSummary, 'leftOut'>> = z.strictObject({
  ...{
    name: z.string(),
    input: numbers,
    inputName: z.string(),
    inputType: z.enum(DATA_TYPES),
    operations: count,
    classes: names,
    reachable: z.strictObject(cost),
  },
  outputs: z.array(
    z.strictObject({
      ...{ name: z.string(), tellsClasses: z.boolean(), tellsProbabilities: z.boolean() },
      isEmbedding: z.boolean(),
    }),
  ),
  withoutRule: z.array(z.strictObject({ name: z.string(), op: z.string(), why: z.string() })),
  groups: z.array(
    z.strictObject({
      ...{ id: z.string(), width: count, reason: z.string().nullable(), inexact: z.boolean() },
      ...{ producers: names, consumers: names },
    }),
  ),
  layers: z.array(
    z.strictObject({ name: z.string(), op: z.string(), shape: numbers, ...cost, from: z.array(count) }),
  ),
});

const samplingPlan: z.ZodType<SamplingPlan> = z.strictObject({
  criterion: z.string(),
  grid: numbers,
  groups: z.array(
    z.strictObject({
      ...{
        id: z.string(),
        width: count,
        order: z.array(count),
        removed: z.array(count),
        canZero: z.boolean(),
      },
      slices: z.array(
        z.strictObject({ tensor: z.string(), axis: count, units: z.array(z.int()), zero: z.boolean() }),
      ),
    }),
  ),
  tensors: z.array(
    z.strictObject({
      name: z.string(),
      dims: z.array(count),
      sha256: z.string(),
      probe: z.array(z.number()),
    }),
  ),
});

const size = { height: count, width: count };
const splitCounts = { name: z.string(), images: count, classCounts: z.array(count) };

/** What may come of each: whoever reads a hostile file is not believed any further. */
export const answers = {
  model: z.strictObject({
    networkHash: z.string(),
    params: z.number(),
    macs: z.number(),
    summary,
    /** Empty if there are none. */
    metadata: metadataSchema.or(z.strictObject({})),
    /** Whether these are those that came beside the file. */
    metadataBeside: z.boolean(),
    /** Null if the file is read as it is. */
    readAs: readAsSchema.nullable(),
    /** What kind of file it is. */
    mediaType: z.enum(MODEL_MEDIA_TYPES),
    /** Whether `bundle` is there. */
    isBundled: z.boolean(),
    /** Names of what came with the model and is none of it. */
    leftOut: names,
  }),
  modelWith: z.strictObject({
    /** Bytes of what was written; null if the format has no place for it: nothing is written then. */
    bytes: count.nullable(),
  }),
  dataset: z.strictObject({
    hash: z.string(),
    classes: z.array(z.string()),
    ...{ height: count, width: count, channels: count },
    ...{ mean: numbers, std: numbers },
    sheet: z.strictObject({
      ...{ columns: count, tileWidth: count, tileHeight: count },
      rows: z.array(z.strictObject({ class: count.nullable(), images: count })),
    }),
    png: bytes,
    splits: z.array(
      z.strictObject({
        ...splitCounts,
        /** Null if there are no images. */
        sha256: z.string().nullable(),
      }),
    ),
    manifest: z.string(),
  }),
  images: z.strictObject({
    classes: z.array(z.string()),
    splits: z.array(z.strictObject(splitCounts)),
    smallest: z.strictObject(size),
    largest: z.strictObject(size),
    channels: count,
    /** Null if all have one size. */
    usual: z.strictObject({ ...size, resize: count.nullable() }).nullable(),
    /** How they are divided, and what is left out. */
    notes: z.array(z.string()),
    /** Whether `valAs` may be chosen. */
    valIsChosen: z.boolean(),
  }),
  inputPreview: z.strictObject({
    png: bytes,
    /** In the order of the input. */
    channels: z.array(z.strictObject({ min: z.number(), max: z.number(), mean: z.number() })),
  }),
  samplingPlan,
  prunedNetwork: z.strictObject({
    networkHash: z.string(),
    ...cost,
    mediaType: z.enum(MODEL_MEDIA_TYPES),
    structure: z.array(
      z.strictObject({ group: z.string(), before: count, after: count, kept: z.array(count).optional() }),
    ),
  }),
  profile: z.strictObject({
    profile: profileSchema,
    /** Of the network with the same share of every group; null without the network. */
    stairs: z.array(z.strictObject({ share: z.number(), milliseconds: z.number() })).nullable(),
  }),
  plans: z.strictObject({
    /** What each plan removes; fewer than there are plans where one does not go with the network. */
    shares: z.array(z.number()),
    /** The first plan that does not, by its place, and why. */
    misfit: z.strictObject({ at: count, message: z.string(), fields: z.array(z.string()) }).nullable(),
  }),
} as const;

export type Answers = { readonly [K in Task['kind']]: z.infer<(typeof answers)[K]> };

/** What the child says. */
export type Message =
  | { readonly kind: 'ready' }
  /** To be checked by {@link answers}. */
  | { readonly kind: 'answer'; readonly answer: unknown; readonly cpuSeconds: number }
  /** Bad input. */
  | { readonly kind: 'refused'; readonly message: string; readonly field: string | undefined }
  | { readonly kind: 'outOfMemory' }
  /** An internal error. */
  | { readonly kind: 'failed'; readonly message: string };
