/** Why no winner is named: "not compared: savings differ by 6.9 points". */
export function apartWords(apart: number): string {
  return `not compared: savings differ by ${(apart * 100).toFixed(1)} points`;
}
