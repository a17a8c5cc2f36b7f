const LONGEST_MESSAGE = 500;

/** One line of sensible length: the names in a damaged file may be anything. */
export function printable(message: string): string {
  const line = message.replaceAll(/\p{Cc}|\p{Zl}|\p{Zp}/gu, '\u{fffd}');
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}...` : line;
}
