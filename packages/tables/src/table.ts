export interface Column {
  /** Of its value in a row, and its head in CSV. */
  readonly key: string;
  /** For people. */
  readonly head: string;
  /** Numbers stand to the right. */
  readonly right?: boolean;
  /**
   * A value for people: "91.62 %"; left out for text as it is. Null is a dash, whatever this says. The row tells the unit
   * where that differs from row to row.
   */
  readonly words?: (value: never, row: Row) => string;
}

export type Row = Readonly<Record<string, unknown>>;

/** Writes one table, a row at a time. */
export interface Writer {
  head(columns: readonly Column[]): string;
  row(columns: readonly Column[], row: Row): string;
  readonly tail: string;
}
