// What workers tell in data of their own, in words.

/** "baseLatency" → "base latency". */
export function words(name: string): string {
  return name
    .replaceAll('-', ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

/** Whatever it is, in a line. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(text).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${words(name)} ${text(each)}`)
      .join(', ');
  }
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
}
