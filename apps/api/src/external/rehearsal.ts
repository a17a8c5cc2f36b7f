import type { PrismaClient, Transaction } from '@espalier/store';

/** Ends a transaction that nothing is to come of. */
class Rehearsed<T> extends Error {
  readonly outcome: T;

  constructor(outcome: T) {
    super('a dry run changes nothing');
    this.outcome = outcome;
  }
}

/**
 * Carries a change out; in a dry run takes all of it back, and answers what would have come of it.
 *
 * @throws what the change refuses, in a dry run, too
 */
export async function inTransaction<T>(
  prisma: PrismaClient,
  isDry: boolean,
  change: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  if (!isDry) return prisma.$transaction(change);
  try {
    return await prisma.$transaction(async (transaction) => {
      throw new Rehearsed(await change(transaction));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcome;
    throw error;
  }
}
