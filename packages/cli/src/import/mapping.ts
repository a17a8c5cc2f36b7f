import { readFile } from 'node:fs/promises';
import { type AnyMetric, isOwnMetric, TOP1 } from '@espalier/engines';
import { InputError, readBy } from '@espalier/errors';
import { z } from 'zod';
import {
  EPOCH_FIELDS,
  type EpochField,
  FIELDS,
  type FieldName,
  isEpochField,
  isField,
  judgingOf,
} from './fields.ts';

/** Where a value of every run comes from: a column, or the same text for all. */
export type Origin = { readonly column: string } | { readonly constant: string };

/** What says what of a run. */
export interface Mapping {
  readonly fields: ReadonlyMap<FieldName, Origin>;
  readonly epochs: ReadonlyMap<EpochField, string>;
  /** By what runs are judged, and where it stands. */
  readonly judged: { readonly metric: AnyMetric; readonly origin: Origin } | null;
  /** The column that tells runs apart; null if nothing says it. */
  readonly key: string | null;
}

/** What flags say: "column=field". */
export interface MappingFlags {
  readonly map: readonly string[];
  readonly set: readonly string[];
  readonly key?: string | undefined;
}

const fileSchema = z.strictObject({
  map: z.record(z.string(), z.string()).default({}),
  set: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  key: z.string().optional(),
});

/** What a mapping says, before it is known whether it holds. */
interface Told {
  readonly map: readonly (readonly [column: string, field: string])[];
  readonly set: readonly (readonly [field: string, text: string])[];
  readonly key: string | null;
}

/**
 * A mapping: of files and flags of the form `column=field`, of which the flags count.
 *
 * @param usual what is mapped where neither says another thing of that field
 * @throws {InputError} for a field that there is not, and one that two columns give
 */
export async function readMapping(
  files: readonly string[],
  flags: MappingFlags,
  usual: Told['map'] = [],
): Promise<Mapping> {
  const told = await Promise.all(files.map(readFileOf));
  const own: Told = {
    // Columns and values may have the sign in them, fields have not.
    map: flags.map.map((text) => split(text, text.lastIndexOf('='))),
    set: flags.set.map((text) => split(text, text.indexOf('='))),
    key: flags.key ?? null,
  };
  const given = [...told, own];
  // A file may name fields that flags set: what comes later counts.
  const origins = new Map<string, Origin>();
  for (const { map, set } of given) {
    const seen = new Map<string, string>();
    for (const [column, called] of map) {
      const field = checkedField(called);
      const other = seen.get(field);
      if (other !== undefined)
        throw new InputError(`"${other}" and "${column}" both give ${field}: leave one out`);
      seen.set(field, column);
      origins.set(field, { column });
    }
    for (const [field, constant] of set) origins.set(checkedField(field), { constant });
  }
  for (const [column, field] of usual) if (!origins.has(field)) origins.set(field, { column });
  return {
    fields: new Map(
      [...origins].flatMap(([name, origin]) => (isField(name) ? [[name, origin] as const] : [])),
    ),
    epochs: new Map(
      [...origins].flatMap(([name, origin]) => {
        if (!isEpochField(name)) return [];
        if ('column' in origin) return [[name, origin.column] as const];
        throw new InputError(`${name} differs in each epoch: map it to a metric`);
      }),
    ),
    judged: judgedBy(origins),
    key: given.findLast(({ key }) => key !== null)?.key ?? null,
  };
}

/** The one metric that is neither of labels nor one of the platform's others; else top-1, where it is told. */
function judgedBy(origins: ReadonlyMap<string, Origin>): Mapping['judged'] {
  const others = [...origins].flatMap(([name, origin]) => {
    const metric = isField(name) || isEpochField(name) ? null : judgingOf(name);
    return metric ? [{ metric, origin }] : [];
  });
  if (others.length > 1) {
    const names = others.map(({ metric }) => metric.name).join(' and ');
    throw new InputError(`runs of an import have one metric, not ${names}: import them separately`);
  }
  const top1 = origins.get('top1');
  return others[0] ?? (top1 ? { metric: TOP1, origin: top1 } : null);
}

function checkedField(name: string): string {
  if (isField(name) || isEpochField(name)) return name;
  const metric = judgingOf(name);
  if (metric && !isOwnMetric(metric.name)) return name;
  if (metric) return metric.name;
  const known = [...Object.keys(FIELDS), ...EPOCH_FIELDS].join(', ');
  throw new InputError(
    `there is no field "${name}": the fields are ${known}, or a metric such as mAP:higher:share`,
  );
}

function split(text: string, at: number): readonly [string, string] {
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

async function readFileOf(file: string): Promise<Told> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      error.code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${error.code})`,
    );
  });
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) throw new InputError(`${file} is neither YAML nor JSON: ${error.message.split('\n')[0]}`);
  const { map, set, key } = readBy(fileSchema, document.toJS(), `${file} is not a mapping`);
  return {
    map: Object.entries(map),
    set: Object.entries(set).map(([field, value]) => [field, String(value)]),
    key: key ?? null,
  };
}
