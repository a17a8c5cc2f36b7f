/** @throws {RangeError} naming the first index that is not an image of the split. */
export function checkIndices(split: string, indices: ArrayLike<number>, n: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] ?? -1;
    if (!Number.isInteger(index) || index < 0 || index >= n) {
      throw new RangeError(`the ${split} split has images 0..${n - 1}, not ${index}`);
    }
  }
}
