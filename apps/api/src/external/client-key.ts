import type { Prisma, Transaction } from '@espalier/store';
import { Conflict, FieldError } from '../errors.ts';

const LONGEST = 200;
/** Differences that an error names one by one. */
const NAMED = 3;

export const KEY_RULE =
  'A key that the client chooses, unique in the team: the same content again gets the same answer and changes nothing; other content under it is refused.';

/** What is written under a client's key. */
export interface KeyedWrite {
  readonly teamId: string;
  readonly key: string;
  /** The mutation. */
  readonly write: string;
  readonly content: Prisma.InputJsonObject;
  /** The import that it belongs to; the same content may come by several, and belongs to the first. */
  readonly importId?: string | null;
}

const LONGEST_IMPORT = 100;

export const IMPORT_RULE =
  'Any name for one import, at most 100 characters. `removeImport` with this name removes all of it.';

/** @throws {FieldError} for one that is empty or too long */
export function checkedImport(importId: string | null | undefined): string | null {
  if (importId == null) return null;
  const trimmed = importId.trim();
  if (trimmed !== '' && trimmed.length <= LONGEST_IMPORT) return trimmed;
  throw new FieldError(`give 1 to ${LONGEST_IMPORT} characters`, 'import');
}

/**
 * Takes a key for what is about to be written, in the transaction that writes it: of two that come together the second
 * waits for the first.
 *
 * @returns the object of the key: `subjectId`, if it is new; else the one that the same content was written to before
 * @throws {FieldError} for a key that was used for something else: it says what differs
 */
export async function takeKey(
  transaction: Transaction,
  { teamId, key, write, content, importId = null }: KeyedWrite,
  subjectId: string,
): Promise<{ readonly subjectId: string; readonly isNew: boolean }> {
  if (key.length < 1 || key.length > LONGEST) throw new FieldError(`give 1 to ${LONGEST} characters`, 'key');
  const count = await transaction.$executeRaw`
    INSERT INTO "ClientKey" ("teamId", "key", "write", "content", "importId", "subjectId")
    VALUES (${teamId}, ${key}, ${write}, ${JSON.stringify(content)}::jsonb, ${importId}, ${subjectId})
    ON CONFLICT DO NOTHING`;
  if (count > 0) return { subjectId, isNew: true };
  const before = await transaction.clientKey.findUniqueOrThrow({ where: { teamId_key: { teamId, key } } });
  if (before.write !== write) {
    throw new Conflict(`the key "${key}" was used for ${before.write}: take another one`, 'key');
  }
  const differences = differing('', before.content, JSON.parse(JSON.stringify(content)));
  if (differences.length === 0) return { subjectId: before.subjectId, isNew: false };
  const more = differences.length > NAMED ? [`${differences.length - NAMED} more`] : [];
  throw new Conflict(
    `the key "${key}" was used for other content: ${[...differences.slice(0, NAMED), ...more].join('; ')}; take another key for it`,
    'key',
  );
}

/** Behind a purge: what went with it may be sent again. */
export async function freeKeys(transaction: Transaction, teamId: string): Promise<void> {
  await transaction.$executeRaw`
    DELETE FROM "ClientKey" k WHERE k."teamId" = ${teamId}
      AND NOT EXISTS (SELECT 1 FROM "Model" x WHERE x."id" = k."subjectId")
      AND NOT EXISTS (SELECT 1 FROM "Dataset" x WHERE x."id" = k."subjectId")
      AND NOT EXISTS (SELECT 1 FROM "SamplingRun" x WHERE x."id" = k."subjectId")
      AND NOT EXISTS (SELECT 1 FROM "Run" x WHERE x."id" = k."subjectId")`;
}

/** What was made under the key is not there any more. */
export function goneOf(key: string): Conflict {
  return new Conflict(`the object with the key "${key}" was deleted: restore it, or use another key`, 'key');
}

/** "splits.0.images was 5, is 6". */
function differing(path: string, before: unknown, now: unknown): string[] {
  if (isObject(before) && isObject(now)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return names.flatMap((name) =>
      differing(path === '' ? name : `${path}.${name}`, before[name], now[name]),
    );
  }
  const [was, is] = [shown(before), shown(now)];
  return JSON.stringify(before) === JSON.stringify(now) ? [] : [`${path} was ${was}, is ${is}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const SHOWN_LETTERS = 80;

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}...` : text;
}
