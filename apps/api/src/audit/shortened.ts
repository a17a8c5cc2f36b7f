import type { Prisma } from '@espalier/store';

/** Characters of an entry's data, as JSON. */
export const LONGEST = 1000;
const SHORT_TEXT = 100;
const SHORT_LIST = 10;

/** What an entry keeps of a change: enough to know it by, however much was sent. */
export function shortened(data: Prisma.InputJsonObject): Prisma.InputJsonObject {
  if (sizeOf(data) <= LONGEST) return data;
  const short = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, shorter(value)]));
  return sizeOf(short) <= LONGEST ? short : { shortened: shorter(JSON.stringify(data)) };
}

function shorter(value: Prisma.InputJsonObject[string]): Prisma.InputJsonValue {
  if (typeof value === 'string') {
    return value.length > SHORT_TEXT ? `${value.slice(0, SHORT_TEXT)}… (${value.length} characters)` : value;
  }
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHORT_LIST).map(shorter);
    return value.length > SHORT_LIST ? [...shown, `… (${value.length} in all)`] : shown;
  }
  return value ?? '';
}

function sizeOf(data: unknown): number {
  return JSON.stringify(data).length;
}
