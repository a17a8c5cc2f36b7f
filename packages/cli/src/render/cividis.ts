/** Red, green, blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Cividis from light to dark at ten equally spaced points: perceptually even, and the same to eyes that
 * cannot tell red from green. J. Nunez, C. Anderton, R. Renslow, "Optimizing colormaps with consideration
 * for color vision deficiency", PLoS ONE 13 (2018) e0199239.
 */
const STOPS: readonly Colour[] = [
  [254, 232, 56],
  [225, 204, 85],
  [195, 179, 105],
  [165, 156, 116],
  [138, 134, 120],
  [112, 113, 115],
  [87, 93, 109],
  [59, 73, 108],
  [18, 53, 112],
  [0, 34, 78],
];

/** @param value 0 (harmless, light) to 1 (harmful, dark) */
export function cividis(value: number): Colour {
  const at = Math.min(1, Math.max(0, value)) * (STOPS.length - 1);
  const from = STOPS[Math.floor(at)] ?? [0, 0, 0];
  const to = STOPS[Math.ceil(at)] ?? from;
  const share = at - Math.floor(at);
  const mix = (a: number, b: number) => Math.round(a + share * (b - a));
  return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])];
}

/** Whether black text reads better on a colour than white text. */
export function isLight([red, green, blue]: Colour): boolean {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 120;
}

export function hex(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
