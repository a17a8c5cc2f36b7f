import { InputError } from '@espalier/errors';
import type { Split, SplitName } from './dataset.ts';

/** Class indices of every split as text: u16, little endian, base64. */
export type EncodedLabels = Readonly<Record<SplitName, string>>;

export function encodeLabels(labels: Uint16Array): string {
  const bytes = Buffer.alloc(labels.length * 2);
  labels.forEach((label, i) => {
    bytes.writeUInt16LE(label, 2 * i);
  });
  return bytes.toString('base64');
}

export function decodeSplit(encoded: string): Split {
  const bytes = Buffer.from(encoded, 'base64');
  const n = Math.floor(bytes.length / 2);
  return { n, labels: Uint16Array.from({ length: n }, (_, i) => bytes.readUInt16LE(2 * i)) };
}

/** How many images of each class a split has, in the order of the classes. */
export function classCounts({ labels }: Split, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  if (classes === 0) return counts;
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** @throws {InputError} if a label names no class. */
export function checkedLabels(labels: ArrayLike<number>, classes: number, file: string): Uint16Array {
  return Uint16Array.from(labels, (label, index) => {
    if (Number.isInteger(label) && label >= 0 && label < classes) return label;
    throw new InputError(`${file}: label ${index} is ${label}, not one of 0..${classes - 1}`);
  });
}
