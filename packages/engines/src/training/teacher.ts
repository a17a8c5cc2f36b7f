import { type FloatTensor, floatTensor } from '@espalier/network';

/** softmax(logits / temperature), a row an image: [n, classes]. */
export function softTargets({ dims, data }: FloatTensor, temperature: number): FloatTensor {
  const n = dims[0] ?? 1;
  const classes = data.length / n;
  const targets = new Float32Array(data.length);
  for (let row = 0; row < n; row++) {
    const scaled = Array.from(data.subarray(row * classes, (row + 1) * classes), (z) => z / temperature);
    const largest = Math.max(...scaled);
    const powers = scaled.map((z) => Math.exp(z - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    targets.set(
      powers.map((power) => power / total),
      row * classes,
    );
  }
  return floatTensor([n, classes], targets);
}
