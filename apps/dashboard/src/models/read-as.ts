/** What a person writes of how a file is read, as the command has it: several of a kind with spaces between them. */
export interface ReadAsText {
  /** `1x3x48x192`, or `NAME=1x3x48x192`. */
  readonly input: string;
  /** `NAME=1`. */
  readonly set: string;
  /** Names of values. */
  readonly output: string;
}

export const AS_IT_IS: ReadAsText = { input: '', set: '', output: '' };

/**
 * As `registerModel` takes it; null where nothing is said.
 *
 * @throws {Error} that says what is wrong
 */
export function readAsOf({ input, set, output }: ReadAsText): Record<string, unknown> | null {
  const shapes = words(input).map(shapeOf);
  const fixed = words(set).map(fixedOf);
  const ends = words(output);
  if (shapes.length + fixed.length + ends.length === 0) return null;
  return {
    ...(shapes.length > 0 ? { input: shapes } : {}),
    ...(fixed.length > 0 ? { set: Object.fromEntries(fixed) } : {}),
    ...(ends.length > 0 ? { output: ends } : {}),
  };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function shapeOf(word: string): { name?: string; shape: number[] } {
  const at = word.lastIndexOf('=');
  const extents = word.slice(at + 1).split('x');
  if (at === 0 || !extents.every((extent) => /^[1-9]\d*$/.test(extent))) {
    throw new Error(`Size: "${word}" is none; give it as 1x3x48x192, or as NAME=1x3x48x192.`);
  }
  const shape = extents.map(Number);
  return at < 0 ? { shape } : { name: word.slice(0, at), shape };
}

function fixedOf(word: string): [string, number] {
  const at = word.lastIndexOf('=');
  const value = word.slice(at + 1);
  if (at < 1 || value === '' || !Number.isFinite(Number(value))) {
    throw new Error(`Fixed inputs: give "${word}" as NAME=1.`);
  }
  return [word.slice(0, at), Number(value)];
}
