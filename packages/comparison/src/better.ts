/** Which values of a metric are better: higher accuracies, lower losses and errors. */
export type Better = 'higher' | 'lower';

/** Of two values the sign of the better one's lead: positive where `a` is better. */
export function lead(better: Better, a: number, b: number): number {
  return better === 'higher' ? a - b : b - a;
}
