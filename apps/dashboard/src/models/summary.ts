export interface ModelSummary {
  readonly input: readonly (string | number)[];
  readonly operations: number | null;
  readonly classes: readonly string[];
  readonly groups: readonly ModelGroup[];
  readonly layers: readonly ModelLayer[];
  /** The largest share that can be removed; null for a model that was registered before it was known. */
  readonly reachable: { readonly macs: number; readonly params: number } | null;
}

/** Channels that can only go together. */
export interface ModelGroup {
  readonly id: string;
  readonly width: number;
  /** Why it cannot be pruned; null if it can. */
  readonly reason: string | null;
  /** Nodes whose filters these are, and nodes that sum over them. */
  readonly producers?: readonly string[];
  readonly consumers?: readonly string[];
}

/** As it is, or where channels are pruned, too, that a normalisation mixes: only the reason tells which. */
export function mayBePruned({ reason }: ModelGroup): boolean {
  return reason === null || reason.endsWith('only where inexact pruning is allowed');
}

export interface ModelLayer {
  readonly name: string;
  readonly op: string;
  readonly shape: readonly number[];
  readonly params: number;
  readonly macs: number;
  /** The layers that it reads from, by their index; models of old have it not. */
  readonly from?: readonly number[];
}

/** Of one image, as people write it: "3×32×32". Its first axis is the batch. */
export function shapeText(shape: readonly (string | number)[]): string {
  return shape.slice(1).join('×') || '–';
}

/** The API keeps a model's summary as JSON: here it gets its shape. */
export function readSummary(summary: Record<string, unknown>): ModelSummary {
  const { input, operations, classes, groups, layers, reachable } = summary as Partial<ModelSummary>;
  return {
    input: input ?? [],
    operations: operations ?? null,
    classes: classes ?? [],
    groups: groups ?? [],
    layers: layers ?? [],
    reachable: reachable ?? null,
  };
}

/** Runs of such a model take the usual values of their data set. What is null was registered before it was kept. */
export function saysNothingOfPixels(preprocessing: Record<string, unknown> | null): boolean {
  return preprocessing !== null && !('input' in preprocessing);
}
