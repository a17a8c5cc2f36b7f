import { newId, type Prisma, type Transaction } from '@espalier/store';
import type { Viewer } from './access/viewer.ts';

/** Notes who changed what, in the transaction of the change. */
export async function audit(
  transaction: Transaction,
  { teamId, userId, apiKeyId }: Pick<Viewer, 'teamId' | 'userId' | 'apiKeyId'>,
  action: string,
  subject: string,
  data: Prisma.InputJsonObject = {},
): Promise<void> {
  await transaction.auditEntry.create({
    data: { id: newId('audit'), teamId, actor: apiKeyId ?? userId, action, subject, data },
  });
}
