/** Seeded pseudo-random numbers (mulberry32): the same on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number, both ends included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.integer(0, choices.length - 1)] ?? choices[0];
  }

  /** `count` of the numbers 0 .. total - 1, ascending. */
  subset(total: number, count: number): number[] {
    const numbers = Array.from({ length: total }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = this.integer(i, total - 1);
      [numbers[i], numbers[j]] = [numbers[j] ?? 0, numbers[i] ?? 0];
    }
    return numbers.slice(0, count).sort((a, b) => a - b);
  }

  /** Zero mean, the given standard deviation, uniform: bounded, so that no activation explodes. */
  values(count: number, deviation: number): Float32Array {
    const reach = Math.sqrt(3) * deviation;
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = reach * (2 * this.next() - 1);
    return values;
  }
}
