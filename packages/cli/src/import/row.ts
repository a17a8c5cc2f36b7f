import type { AnyMetric } from '@espalier/engines';
import { expectedBy, FIELDS, type FieldName, type Values, valueBy } from './fields.ts';
import type { Mapping, Origin } from './mapping.ts';
import { type Problem, shown } from './problems.ts';

/** A run as another tool tells it. */
export interface Row {
  /** "row 3", "run 5f2c..." */
  readonly where: string;
  /** What it is known by there; null if nothing says it. */
  readonly key: string | null;
  /** What it is in there: the table, or an experiment. */
  readonly group: string;
  /** By column; what is not there or empty is not told. */
  readonly cells: ReadonlyMap<string, string>;
  /** By metric, of trackers that keep steps. */
  readonly series: ReadonlyMap<string, readonly Step[]>;
  /** Of its .onnx file, if there is one; null if the mapping has to say it. */
  readonly network: string | null;
}

export interface Step {
  readonly step: number;
  readonly value: number;
}

/** What a row says by a mapping. */
export interface Told {
  readonly row: Row;
  readonly values: Values;
  /** By the metric that runs are judged by: as it is, right after the cut, and of the unpruned network. */
  readonly value: number | null;
  readonly prunedValue: number | null;
  readonly baseValue: number | null;
}

/** Reads a row; what cannot be used of it is told in `problems`, and null. */
export function readRow(row: Row, mapping: Mapping, problems: Problem[]): Told {
  const read = <T>(
    origin: Origin | undefined,
    expects: string,
    parse: (text: string) => T | undefined,
  ): T | null => {
    const text = origin && textOf(row, origin);
    if (!origin || !text) return null;
    const value = parse(text);
    if (value !== undefined) return value;
    const column = 'column' in origin ? origin.column : null;
    problems.push({ where: row.where, column, text: `expected ${expects}, not ${shown(text)}` });
    return null;
  };
  const names = Object.keys(FIELDS) as FieldName[];
  const values = Object.fromEntries(
    names.map((name) => {
      const field = FIELDS[name];
      return [
        name,
        read<string | number>(mapping.fields.get(name), field.expects, (text) => field.read(text)),
      ];
    }),
  ) as Values;
  const { metric, origin } = mapping.judged ?? {};
  const judged = (from: Origin | undefined) =>
    metric ? read(from, expectedBy(metric), (text) => valueBy(metric, text)) : null;
  return {
    ...{ row, values },
    value: isTop1(metric) ? values.top1 : judged(origin),
    prunedValue: judged(mapping.fields.get('pruned')),
    baseValue: judged(mapping.fields.get('base')),
  };
}

function isTop1(metric: AnyMetric | undefined): boolean {
  return metric?.name === 'top1';
}

/** Undefined where it is not told. */
export function textOf({ cells }: Row, origin: Origin): string | undefined {
  const text = 'constant' in origin ? origin.constant : cells.get(origin.column);
  return text?.trim() || undefined;
}
