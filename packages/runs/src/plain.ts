import type { Prisma } from '@espalier/store';

/** As it comes out of a JSON column again: without what is undefined. */
export function plain(value: unknown): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonObject;
}
