import { setImmediate, setTimeout } from 'node:timers/promises';

/** What it costs to read and check a byte, at most. */
const MS_PER_BYTE = 40 / 1_000_000;
/** A process that turns to everything as late as this has enough to do. */
const LATE_MS = 15;
const LONGEST_REST_MS = 250;

/**
 * Starts what is costly one at a time, addresses in turns. Between two of them the process turns to everything else, and
 * where it is late, it starts nothing for as long: what is under way takes half of its time at most.
 */
export class OneByOne {
  private readonly waiting = new Map<string, { readonly bytes: number; readonly start: () => void }[]>();
  private running = false;

  /** Resolves when it is the turn of a body of so many bytes. */
  turn(address: string, bytes: number): Promise<void> {
    return new Promise((start) => {
      const line = this.waiting.get(address) ?? [];
      line.push({ bytes, start });
      this.waiting.set(address, line);
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let next = this.next(); next; next = this.next()) {
      const began = performance.now();
      next.start();
      await setImmediate();
      const late = performance.now() - began;
      const rest = Math.max(next.bytes * MS_PER_BYTE, late > LATE_MS ? late : 0);
      if (rest >= 1) await setTimeout(Math.min(rest, LONGEST_REST_MS));
    }
    this.running = false;
  }

  private next() {
    const [first] = this.waiting;
    if (!first) return undefined;
    const [address, line] = first;
    const next = line.shift();
    // Behind those of all others.
    this.waiting.delete(address);
    if (line.length > 0) this.waiting.set(address, line);
    return next;
  }
}
