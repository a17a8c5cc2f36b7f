import type { Preprocessing } from '@espalier/network';
import type { UsedNetwork } from './used-network.ts';

/** More names than that only make a program long: it prints numbers then. */
const MOST_CLASSES = 40;

/** What an editor does not show, or ends a line at. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text as a literal of JavaScript, and of Python, too: whatever it holds, it ends where it ends. */
export function literal(text: string): string {
  return JSON.stringify(text).replaceAll(UNSEEN, (letter) =>
    letter.length > 1 ? '?' : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Of a file that a program cannot load itself, how it becomes one of ONNX, for a comment; null if it is one. */
export function asOnnx({ file, format = 'ONNX' }: UsedNetwork): { file: string; how: string } | null {
  if (format === 'ONNX') return null;
  const onnx = file.replace(/\.\w+$/, '.onnx');
  return { file: onnx, how: `espalier convert ${shown(file)} --out ${shown(onnx)}` };
}

/** In a comment, which ends with its line. */
export function shown(text: string): string {
  const [, within = ''] = /^"(.*)"$/.exec(literal(text)) ?? [];
  return /^[\w.-]+$/.test(within) ? within : `'${within}'`;
}

export function list(values: readonly number[]): string {
  return `[${values.join(', ')}]`;
}

/** null if there are too many. */
export function classList(classes: readonly string[] | undefined): string | null {
  if (!classes || classes.length > MOST_CLASSES) return null;
  return `[${classes.map((name) => literal(name)).join(', ')}]`;
}

export function isGrey({ channels }: Preprocessing): boolean {
  return channels === 'gray';
}

/** What is done to a picture, for a comment. */
export function sizeWords({ size: [height, width], resize, letterbox }: Preprocessing): string {
  if (letterbox) {
    return `Scaled to fit into ${height} x ${width} (height x width), with the colour ${list(letterbox)} around it.`;
  }
  return resize === undefined
    ? `Scaled to ${height} x ${width} (height x width).`
    : `Its shorter side becomes ${resize}, and the middle of it, ${height} x ${width} (height x width), is cut out.`;
}

/** How it is normalised, for a comment. */
export function formulaWords({ channels, scale }: Preprocessing): string {
  const order = channels === 'gray' ? '' : `, channels in the order ${channels}`;
  return `Bytes 0..255 become (byte * ${scale} - mean) / std${order}.`;
}
