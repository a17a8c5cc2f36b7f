import type { PrismaClient } from '@espalier/store';
import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors.ts';
import { hashOf } from '../people/tokens.ts';

/** What may be tried so often, from the first time on. */
export interface Limit {
  /** Begins its rows. */
  readonly name: string;
  readonly most: number;
  readonly seconds: number;
}

/** An answer that says how long to wait: over HTTP a 429 with Retry-After. */
export class TooMany extends GraphQLError {
  override name = 'TooMany';
  readonly status = 429;
  readonly seconds: number;

  constructor(what: string, seconds: number) {
    super(`too many ${what}: try again in ${seconds} s`, {
      extensions: {
        code: 'TOO_MANY_REQUESTS' satisfies ErrorCode,
        http: { status: 429, headers: new Map([['retry-after', String(seconds)]]) },
      },
    });
    this.seconds = seconds;
  }
}

/** How often it was tried by now, and how long until that is forgotten. */
export interface Tries {
  readonly count: number;
  readonly seconds: number;
}

/** One statement, so that of many that try at the same moment each counts. */
export async function count(prisma: PrismaClient, limit: Limit, whose: string): Promise<Tries> {
  const [row] = await prisma.$queryRaw<[Tries]>`
    INSERT INTO "Attempt" AS a ("key", "count", "endsAt")
    VALUES (${keyOf(limit, whose)}, 1, now() + make_interval(secs => ${limit.seconds}::int))
    ON CONFLICT ("key") DO UPDATE SET
      "count" = CASE WHEN a."endsAt" <= now() THEN 1 ELSE LEAST(a."count", 1000000) + 1 END,
      "endsAt" = CASE WHEN a."endsAt" <= now() THEN excluded."endsAt" ELSE a."endsAt" END
    RETURNING "count", GREATEST(1, ceil(extract(epoch FROM "endsAt" - now())))::int AS "seconds"`;
  return row;
}

/**
 * Counts a try before it is looked at.
 *
 * @throws {TooMany} where there were enough of them
 */
export async function attempt(prisma: PrismaClient, limit: Limit, whose: string, what: string) {
  const tries = await count(prisma, limit, whose);
  if (tries.count > limit.most) throw new TooMany(what, tries.seconds);
}

/** What was right is no guess. */
export async function giveBack(prisma: PrismaClient, limit: Limit, whose: string): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "Attempt" SET "count" = "count" - 1 WHERE "key" = ${keyOf(limit, whose)} AND "count" > 0`;
}

export async function forgetOldAttempts(prisma: PrismaClient): Promise<void> {
  await prisma.$executeRaw`DELETE FROM "Attempt" WHERE "endsAt" <= now()`;
}

/** No address or e-mail address can be read of it. */
function keyOf({ name }: Limit, whose: string): string {
  return `${name}:${hashOf(whose)}`;
}
