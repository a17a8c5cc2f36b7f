import cliProgress from 'cli-progress';
import { count, duration } from './render/units.ts';

export interface Progress {
  update(done: number, total: number): void;
  stop(): void;
}

/** Where nobody watches a bar, a line every ten seconds says that the work goes on. */
export const QUIET_INTERVAL_MS = 10_000;
const RATE_WINDOW_MS = 12_000;
/** A bar for what is over in a moment only flickers. */
const PATIENCE_MS = 300;

/** A bar with rate and time left on a terminal, plain lines elsewhere. */
export class ProgressLine implements Progress {
  private readonly stream: NodeJS.WriteStream;
  private readonly label: string;
  private readonly unit: string;
  private readonly rate = new RateMeter();
  private readonly started = performance.now();
  private bar: cliProgress.SingleBar | undefined;
  private lastLine = performance.now();
  private stopped = false;

  /** @param unit what is counted, in the plural */
  constructor(stream: NodeJS.WriteStream, label: string, unit: string) {
    this.stream = stream;
    this.label = label;
    this.unit = unit;
  }

  update(done: number, total: number): void {
    if (this.stopped || total === 0) return;
    const now = performance.now();
    this.rate.add(now, done);
    if (this.stream.isTTY) this.updateBar(now, done, total);
    else if (now - this.lastLine >= QUIET_INTERVAL_MS) {
      this.lastLine = now;
      const percent = Math.floor((done / total) * 100);
      this.stream.write(
        `${this.label}: ${percent} % of ${count(total)} ${this.unit}, ${this.outlook(done, total)}\n`,
      );
    }
  }

  /** Takes the bar away, so that a message can be written; the next update draws it again. */
  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  stop(): void {
    this.clear();
    this.stopped = true;
  }

  private updateBar(now: number, done: number, total: number): void {
    if (!this.bar) {
      if (now - this.started < PATIENCE_MS) return;
      this.bar = new cliProgress.SingleBar({
        format: `${this.label} {bar} {percentage} %  {outlook}`,
        stream: this.stream,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 24,
        clearOnComplete: true,
        gracefulExit: false,
        fps: 8,
      });
      this.bar.start(total, done, { outlook: this.outlook(done, total) });
    }
    this.bar.setTotal(total);
    this.bar.update(done, { outlook: this.outlook(done, total) });
  }

  private outlook(done: number, total: number): string {
    const rate = this.rate.perSecond();
    if (rate === undefined) return '';
    return `${count(rate)} ${this.unit}/s, ${duration((total - done) / rate)} left`;
  }
}

/** Speed over the last seconds: warm-up at the start would spoil the time left for long. */
export class RateMeter {
  private readonly seen: { at: number; done: number }[] = [];

  add(at: number, done: number): void {
    this.seen.push({ at, done });
    while (this.seen.length > 2 && at - (this.seen[1]?.at ?? at) > RATE_WINDOW_MS) this.seen.shift();
  }

  perSecond(): number | undefined {
    const [first, last] = [this.seen[0], this.seen.at(-1)];
    if (!first || !last || last.at - first.at < 200 || last.done <= first.done) return undefined;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  }
}
