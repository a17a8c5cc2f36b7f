/**
 * Cividis, a perceptual sequential map that readers with any colour vision see alike (Nuñez, Anderton, Renslow
 * 2018), at nine evenly spaced stops, turned so that light is harmless and dark is harmful.
 */
const CIVIDIS = [
  [255, 234, 70],
  [226, 205, 88],
  [196, 177, 103],
  [166, 150, 113],
  [140, 126, 119],
  [115, 109, 119],
  [90, 91, 116],
  [60, 72, 111],
  [0, 34, 78],
] as const;

type Rgb = readonly [number, number, number];

/** 0: harmless (light), 1: harmful (dark). Values outside are those at the end. */
export function sequential(share: number): string {
  return css(between(share));
}

/** Black or white, whichever reads better on a colour of the sequential map (WCAG relative luminance). */
export function inkOn(share: number): '#000000' | '#ffffff' {
  const [r, g, b] = between(share).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
}

function between(share: number): Rgb {
  const at = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0)) * (CIVIDIS.length - 1);
  const low = CIVIDIS[Math.floor(at)] ?? ([0, 0, 0] as const);
  const high = CIVIDIS[Math.ceil(at)] ?? low;
  const part = at - Math.floor(at);
  return [0, 1, 2].map((i) =>
    Math.round((low[i] ?? 0) * (1 - part) + (high[i] ?? 0) * part),
  ) as unknown as Rgb;
}

function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}
