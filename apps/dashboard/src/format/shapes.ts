/** Forms in a box of ten by ten. */
export const SHAPES = {
  circle: 'M5 0a5 5 0 1 0 0 10a5 5 0 1 0 0 -10z',
  diamond: 'M5 0L10 5L5 10L0 5z',
  triangle: 'M5 0L10 10H0z',
  square: 'M0.5 0.5H9.5V9.5H0.5z',
  fallen: 'M0 0H10L5 10z',
  plus: 'M3.3 0H6.7V3.3H10V6.7H6.7V10H3.3V6.7H0V3.3H3.3z',
  hexagon: 'M2.5 0.6H7.5L10 5L7.5 9.4H2.5L0 5z',
  hourglass: 'M0 0H10L6 5L10 10H0L4 5z',
  bar: 'M0 3H10V7H0z',
} as const;

/** One form for each criterion, the same on every page, beside the colour of the allocation. */
const OF_CRITERIA: Readonly<Record<string, keyof typeof SHAPES>> = {
  l1: 'circle',
  l2: 'square',
  random: 'diamond',
  taylor: 'triangle',
  fpgm: 'fallen',
  hrank: 'plus',
  'bn-scale': 'hexagon',
  reconstruction: 'hourglass',
  lamp: 'bar',
};

/** The path of a criterion's form; those that are not known have that of the first. */
export function criterionShape(criterion: string): string {
  return SHAPES[OF_CRITERIA[criterion] ?? 'circle'];
}

/** "taylor" of "cie · taylor · widths of 8", as strategies are called. */
export function criterionIn(strategy: string): string {
  return strategy.split(' · ')[1] ?? '';
}
