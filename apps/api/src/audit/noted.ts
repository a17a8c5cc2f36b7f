import { newId, type Prisma, type PrismaClient } from '@espalier/store';
import { hashOf } from '../people/tokens.ts';
import { shortened } from './shortened.ts';

const WHILE_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

const MOST_TEAMS = 20;
const BATCH = 5000;

interface Noted {
  readonly teamId: string;
  /** A user's id, or an API key's. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly data?: Prisma.InputJsonObject;
  /** It is one entry however often it happens in such a while; `data.times` counts. */
  readonly once: keyof typeof WHILE_MS;
}

/** Notes what changes nothing, and may happen often. */
export async function note(prisma: PrismaClient, { data = {}, once, ...entry }: Noted): Promise<void> {
  const at = Math.floor(Date.now() / WHILE_MS[once]);
  const { teamId, actor, action, subject } = entry;
  const key = hashOf(JSON.stringify([teamId, actor, action, subject, data, once, at]));
  await prisma.$executeRaw`
    INSERT INTO "AuditEntry" AS a ("id", "teamId", "actor", "action", "subject", "data", "key")
    VALUES (${newId('audit')}, ${teamId}, ${actor}, ${action}, ${subject}, ${JSON.stringify({ ...shortened(data), times: 1 })}::jsonb, ${key})
    ON CONFLICT ("key") DO UPDATE
    SET "data" = jsonb_set(a."data", '{times}', to_jsonb((a."data"->>'times')::int + 1))`;
}

/** Of what is about a person, who may be in several teams: an entry in each, where there are not too many. */
export async function noteOf(
  prisma: PrismaClient,
  userId: string,
  entry: Pick<Noted, 'action' | 'data' | 'once'>,
): Promise<void> {
  const teams = await prisma.membership.findMany({
    where: { userId },
    take: MOST_TEAMS,
    orderBy: { createdAt: 'asc' },
  });
  for (const { teamId } of teams) await note(prisma, { ...entry, teamId, actor: userId, subject: userId });
}

/** Deletes entries that are older than so many days. */
export async function forgetOldEntries(prisma: PrismaClient, days: number): Promise<void> {
  while (
    (await prisma.$executeRaw`
      DELETE FROM "AuditEntry" WHERE "id" IN (
        SELECT "id" FROM "AuditEntry" WHERE "createdAt" < now() - make_interval(days => ${days}::int) LIMIT ${BATCH}
      )`) === BATCH
  );
}
