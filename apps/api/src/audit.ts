import { newId, type Prisma, type Transaction } from '@espalier/store';
import type { Viewer } from './access/viewer.ts';
import { shortened } from './audit/shortened.ts';
import { FieldError } from './errors.ts';

/** Entries that one request writes: more would let a small request fill the table. */
const MOST_ENTRIES = 2000;

type Actor = Pick<Viewer, 'teamId' | 'userId' | 'apiKeyId'>;

/** Of each request, by who asks: whoever asks is looked up again for each. */
const written = new WeakMap<Actor, number>();

/** Notes who changed what, in the transaction of the change. */
export function audit(
  transaction: Transaction,
  actor: Actor,
  action: string,
  subject: string,
  data: Prisma.InputJsonObject = {},
): Promise<void> {
  return auditEach(transaction, actor, action, [subject], data);
}

/**
 * The same of each.
 *
 * @param data of all of them, or of each by its id
 * @throws {FieldError} where the request has changed too much already
 */
export async function auditEach(
  transaction: Transaction,
  actor: Actor,
  action: string,
  subjects: readonly string[],
  data: Prisma.InputJsonObject | ((subject: string) => Prisma.InputJsonObject) = {},
): Promise<void> {
  const entries = (written.get(actor) ?? 0) + subjects.length;
  if (entries > MOST_ENTRIES) {
    throw new FieldError(`one request changes at most ${MOST_ENTRIES} things: send several`, 'ids');
  }
  written.set(actor, entries);
  const { teamId, userId, apiKeyId } = actor;
  const entry = { teamId, actor: apiKeyId ?? userId, action };
  const about = typeof data === 'function' ? data : () => data;
  await transaction.auditEntry.createMany({
    data: subjects.map((subject) => ({
      ...{ id: newId('audit'), ...entry, subject, data: shortened(about(subject)) },
    })),
  });
}
