/** RFC 9110: seconds, or a date of HTTP. Null for what is neither, and for a time that is over. */
export function secondsOf(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : (httpDate(text) - now.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

/** "Wed, 21 Oct 2026 07:28:00 GMT", in milliseconds; NaN for anything else. */
function httpDate(text: string): number {
  return /^[A-Za-z]{3}, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
}
