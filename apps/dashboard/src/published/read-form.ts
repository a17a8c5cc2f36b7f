/** What a person may leave open: a number is null where nothing is written. */
export function numberOf(text: string, scale = 1): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return null;
  // Per cent as a fraction, without what binary numbers add: 93.26 is 0.9326.
  return Number((Number(trimmed) / scale).toPrecision(12));
}

export function textOf(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
