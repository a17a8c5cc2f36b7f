/** What was changed about something: a field, and what it is now, in text. */
export interface AuditChange {
  readonly field: string;
  readonly value: string;
}

/** Of an entry's data, whichever version wrote them: texts as they are, all else as JSON. */
export function changesOf(data: unknown): AuditChange[] {
  return Object.entries(fieldsOf(data))
    .filter(([field]) => field !== 'times')
    .map(([field, value]) => ({ field, value: typeof value === 'string' ? value : JSON.stringify(value) }));
}

/** How often it happened. */
export function timesOf(data: unknown): number {
  const { times } = fieldsOf(data);
  return Number.isInteger(times) ? Number(times) : 1;
}

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? { ...data } : {};
}
