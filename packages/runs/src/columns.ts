import type { OutputRole, Recipe } from '@espalier/engines';
import type { ReadAs } from '@espalier/formats';
import type { DeviceProfile, Stair } from '@espalier/latency';
import type {
  ChannelGroup,
  Cost,
  DataType,
  KeptUnits,
  NetworkMetadata,
  Node,
  Shape,
  WithoutRule,
} from '@espalier/network';
import type {
  Provenance,
  PruneResult,
  RecoverySummary,
  RepairSummary,
  StageSeconds,
  Timing,
} from '@espalier/pipeline';
import type { Round, SamplingRun } from '@espalier/pruning';
import type { Prisma } from '@espalier/store';
import { plain } from './plain.ts';

/** What the JSON columns of a table hold, in the types of those who write them. */
export interface Columns {
  readonly PrunedResult: {
    readonly structure: readonly ToldGroup[];
    readonly trace: PruneResult['search']['trace'];
    readonly rounds: PruneResult['rounds'];
    readonly recovery: PruneResult['recovery'];
    readonly repair: PruneResult['repair'];
    readonly latency: PruneResult['latency'];
    /** Nothing of what was imported. */
    readonly provenance: Partial<ResultProvenance>;
    readonly seconds: Partial<PruneResult['seconds']>;
  };
  readonly DeviceProfile: {
    readonly kinds: DeviceProfile['kinds'];
    readonly heldOut: DeviceProfile['error']['structures'];
    readonly stairs: readonly Stair[] | null;
  };
  readonly RunRepair: { readonly summary: RepairSummary };
  readonly Model: {
    readonly summary: ModelSummary;
    readonly metadata: Partial<NetworkMetadata>;
    readonly readAs: ReadAs | null;
  };
  readonly Experiment: { readonly recipe: Recipe | null };
  readonly Run: {
    readonly recovery: Recipe | null;
    /** Of an imported one, as its structure. */
    readonly source: ResultSource | null;
    readonly structure: readonly KeptUnits[] | null;
  };
  readonly SamplingRun: {
    readonly groups: SamplingRun['groups'] | null;
    /** Of an imported one, as its other two. */
    readonly order: SamplingRun['order'] | null;
    readonly externalMetric: ExternalMetric | null;
    readonly source: ResultSource | null;
  };
}

/** By what something was measured elsewhere. */
export interface ExternalMetric {
  readonly name: string;
  /** Which way is better. */
  readonly direction: 'higher' | 'lower';
}

/** What computed a result elsewhere. */
export interface ResultSource {
  readonly tool: string;
  readonly version: string | null;
  readonly commit: string | null;
  readonly host: string | null;
  /** An address of the web. */
  readonly link: string | null;
  /** Of a run: what it is called there, when it was finished there, and the import that brought it. */
  readonly name?: string | undefined;
  /** ISO 8601. */
  readonly finishedAt?: string | undefined;
  readonly import?: string | undefined;
}

/** What is known of a network without running it. */
export interface ModelSummary {
  readonly name: string;
  /** With the axis of the batch, which is -1. */
  readonly input: Shape;
  /** As the file calls it. */
  readonly inputName: string;
  readonly inputType: DataType;
  /** How many. */
  readonly operations: number;
  readonly classes: readonly string[];
  /** In their order. */
  readonly outputs: readonly SummaryOutput[];
  readonly groups: readonly SummaryGroup[];
  readonly layers: readonly SummaryLayer[];
  /** Operations that surgery has no rule for. */
  readonly withoutRule: readonly WithoutRule[];
  /** Names of what came in a zip with the model and is none of it; left out if there is none. */
  readonly leftOut?: readonly string[];
  /** The largest shares that can be removed within the default limits of widths; 0 where no group can be pruned. */
  readonly reachable: Readonly<Record<keyof Cost, number>>;
}

/** What can be told of an output: a largest class, probabilities of classes, a direction. */
type SummaryOutput = Pick<OutputRole, 'name' | 'tellsClasses' | 'isEmbedding'> & {
  readonly tellsProbabilities: boolean;
};

interface SummaryGroup extends Pick<ChannelGroup, 'id' | 'width' | 'inexact' | 'producers' | 'consumers'> {
  readonly reason: string | null;
}

/** A node that costs something, or where branches meet. */
export interface SummaryLayer extends Cost, Pick<Node, 'name' | 'op'> {
  /** Of the output, with the axis of the batch. */
  readonly shape: Shape;
  /** The layers that it reads from, by their index here; what is between is left out. Empty at the input. */
  readonly from: readonly number[];
}

/** By what a result was made; of the network and the images its other columns tell. */
export interface ResultProvenance extends Pick<Provenance, 'version' | 'node'> {
  /** Its description: name, version, threads. */
  readonly engine: string | undefined;
  readonly threads: number | undefined;
  readonly workerId: string;
  readonly throughputBatch: Timing['throughputBatch'] | null;
  readonly cpu: string;
  readonly cores: number;
}

/** Rows of before something was kept lack it. */
type Since<T, Newer extends keyof T> = Omit<T, Newer> & Partial<Pick<T, Newer>>;

/** What is in these columns, whichever version wrote the row. */
export interface StoredColumns {
  readonly PrunedResult: {
    readonly structure: readonly ToldGroup[];
    readonly trace: Columns['PrunedResult']['trace'];
    readonly rounds: readonly StoredRound[] | null;
    readonly recovery: RecoverySummary | null;
    readonly repair: PruneResult['repair'];
    readonly latency: PruneResult['latency'];
    readonly provenance: Partial<ResultProvenance>;
    readonly seconds: Partial<StageSeconds>;
  };
  readonly Model: {
    readonly readAs: ReadAs | null;
    readonly summary: Partial<
      Omit<ModelSummary, 'outputs' | 'groups' | 'layers'> & {
        readonly outputs: readonly Since<SummaryOutput, 'isEmbedding'>[];
        readonly groups: readonly Since<SummaryGroup, 'producers' | 'consumers' | 'inexact' | 'reason'>[];
        readonly layers: readonly Since<SummaryLayer, 'from'>[];
      }
    >;
    /** Null: it was registered before it was kept. */
    readonly metadata: Partial<NetworkMetadata> | null;
  };
  readonly DeviceProfile: Columns['DeviceProfile'];
  readonly RunRepair: Columns['RunRepair'];
  readonly Experiment: Columns['Experiment'];
  readonly Run: Columns['Run'];
  readonly SamplingRun: Columns['SamplingRun'];
}

/** Rounds of before plans say what they began with as their baseline, and not what they left. */
export type StoredRound = Since<Round, 'target' | 'structure' | 'before' | 'after'> & {
  readonly baseline?: Pick<Round['before'], 'top1' | 'loss'>;
};

/** Of what was cut elsewhere it is not told what each cut alone saves, and not always which units are left. */
type ToldGroup = Omit<Group, 'alone' | 'kept'> & {
  readonly [Name in 'alone' | 'kept']?: Group[Name] | undefined;
};
type Group = PruneResult['structure'][number];

type Written<Values> = {
  readonly [Name in keyof Values as null extends Values[Name] ? never : Name]: Prisma.InputJsonObject;
} & {
  readonly [Name in keyof Values as null extends Values[Name] ? Name : never]?: Prisma.InputJsonObject;
};

/** The JSON columns of a new row; null ones are left out. */
export function written<Table extends keyof Columns>(
  _table: Table,
  values: Columns[Table],
): Written<Columns[Table]> {
  const told = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(told.map(([name, value]) => [name, plain(value)])) as Written<Columns[Table]>;
}

/** A column's value as what it is known to hold; nothing is looked at. */
export function stored<Table extends keyof StoredColumns, Column extends keyof StoredColumns[Table]>(
  _table: Table,
  _column: Column,
  value: Prisma.JsonValue,
): StoredColumns[Table][Column] {
  return value as StoredColumns[Table][Column];
}
