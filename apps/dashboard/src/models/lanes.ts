// The graph of a network beside a list of its layers, as version control draws history: a lane each value that is
// still to be read.

export interface LaneRow {
  /** Where the layer's dot is. */
  readonly lane: number;
  /** Lanes that the layer reads from. */
  readonly from: readonly number[];
  /** Lanes that go on past it. */
  readonly past: readonly number[];
  /** Whether a later layer reads from it. */
  readonly goesOn: boolean;
}

/** One row a layer, in topological order; `from` are indices of earlier layers. */
export function laneRows(layers: readonly { readonly from: readonly number[] }[]): LaneRow[] {
  const lastRead = layers.map(() => -1);
  layers.forEach(({ from }, index) => {
    for (const origin of from) lastRead[origin] = index;
  });
  /** The layer whose output each lane carries. */
  const carried: (number | null)[] = [];
  return layers.map(({ from }, index) => {
    const read = from.map((origin) => carried.indexOf(origin)).filter((lane) => lane >= 0);
    carried.forEach((origin, lane) => {
      if (origin !== null && (lastRead[origin] ?? -1) <= index) carried[lane] = null;
    });
    const past = carried.flatMap((origin, lane) => (origin === null ? [] : [lane]));
    const ended = read.filter((lane) => carried[lane] === null);
    // A branch goes beside what it comes from; where lanes meet the trunk stays on the left.
    const free = carried.indexOf(null, Math.min(...read, carried.length));
    const lane = ended.length > 0 ? Math.min(...ended) : free >= 0 ? free : carried.length;
    const goesOn = (lastRead[index] ?? -1) > index;
    carried[lane] = goesOn ? index : null;
    return { lane, from: read, past, goesOn };
  });
}
