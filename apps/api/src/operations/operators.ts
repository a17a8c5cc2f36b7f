import type { Transaction, User } from '@espalier/store';
import { requireOperator } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Context } from '../graphql/context.ts';

/** To whom the whole installation is entrusted, the first one first. */
export function listOperators({ database }: Context): Promise<User[]> {
  return database.prisma.user.findMany({ where: { operator: true }, orderBy: { id: 'asc' } });
}

/** Makes somebody an operator, or takes it from them. There is always one. */
export async function setOperator(context: Context, email: string, operator: boolean): Promise<User> {
  const self = requireOperator(context.viewer);
  return context.database.prisma.$transaction(async (transaction) => {
    // Of two who take it from each other the second one waits here.
    await transaction.$queryRaw`SELECT 1 FROM "User" WHERE "operator" ORDER BY "id" FOR UPDATE`;
    const user = await makeOperator(transaction, email, operator);
    await audit(transaction, self, operator ? 'operator.add' : 'operator.remove', user.id);
    return user;
  });
}

/** @throws {FieldError} for an address that nobody has, and for the last operator */
export async function makeOperator(
  transaction: Transaction,
  email: string,
  operator: boolean,
): Promise<User> {
  const user = await transaction.user.findUnique({ where: { email: email.trim().toLowerCase() } });
  if (!user) throw new NotFound(`no user has the address ${email}`, 'email');
  const others = await transaction.user.count({ where: { operator: true, id: { not: user.id } } });
  if (!operator && user.operator && others === 0) {
    throw new Conflict('the installation needs an operator: make somebody else one first', 'email');
  }
  return transaction.user.update({ where: { id: user.id }, data: { operator } });
}
