import { stat } from 'node:fs/promises';
import { InputError } from '@espalier/errors';
import { Places } from '../gate/places.ts';
import { type Ended, Reader } from './reader.ts';
import { type Answers, answers, type Task } from './task.ts';

export interface ReadingLimits {
  /** Of the processor, for a file of no size; one of 32 MB has a second more. */
  readonly seconds: number;
  /** Bytes, for a file of less than 256 MB; one of so many has as much again. */
  readonly memory: number;
}

export const READING_LIMITS: ReadingLimits = { seconds: 5, memory: 2 ** 30 };

const BYTES_PER_SECOND = 32e6;
const BYTES_PER_MEMORY = 256e6;
const SECONDS_PER_PLAN = 0.05;
/** Each image of a zip is unpacked and decoded. */
const IMAGES_TIMES = 6;
const IMAGE_BYTES_PER_SECOND = 1e6;
/** An answer that takes longer is taken by nobody: see the routes. */
const MOST_IMAGE_SECONDS = 480;
/** The data sets that are known by name are ours, and decoded the first time. */
const OWN_SECONDS = 300;

/** Processes at once; of a team there is one. */
const MOST = 2;
/** How long one waits for the next file. */
const IDLE_MS = 60_000;
/** Of the processor: an old process makes room for a new one. */
const RETIRED_SECONDS = 300;

/**
 * Reads what people uploaded in separate processes, each with so much time and memory for a file. Teams take
 * turns. A process that broke off is replaced when there is something to read.
 */
export class Reading {
  private readonly limits: ReadingLimits;
  private readonly places = new Places();
  private readonly readers = new Set<Reader>();
  private readonly idle = new Map<Reader, NodeJS.Timeout>();

  constructor(limits: ReadingLimits = READING_LIMITS) {
    this.limits = limits;
  }

  /**
   * @param make lays the file out, once it is the team's turn
   * @throws {InputError} for a file that cannot be read, or takes more time or memory than it has; {Error} for a fault
   * of ours
   */
  async read<K extends Task['kind']>(
    teamId: string,
    make: () => Promise<Extract<Task, { readonly kind: K }>>,
  ): Promise<Answers[K]> {
    const giveBack = await this.places.turn(`team ${teamId}`, 1);
    try {
      const leave = await this.places.turn('all', MOST);
      try {
        const task = await make();
        return answers[task.kind as K].parse(await this.perform(task)) as Answers[K];
      } finally {
        leave();
      }
    } finally {
      giveBack();
    }
  }

  /** Ends every process. */
  close(): void {
    for (const reader of this.readers) this.drop(reader);
  }

  private async perform(task: Task): Promise<unknown> {
    const files = [task.file, task.kind === 'profile' ? (task.network?.file ?? null) : null];
    const sizes = files.map(async (file) => (file === null ? 0 : (await stat(file)).size));
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    const { seconds, memory } = this.allowed(task, bytes);
    const reader = this.take(memory);
    const told = await reader.ask(task, seconds * 1000);
    const isFit = told.kind === 'refused' || (told.kind === 'answer' && told.cpuSeconds < RETIRED_SECONDS);
    if (isFit && memory === this.limits.memory) this.keep(reader);
    else this.drop(reader);
    if (told.kind === 'answer') return told.answer;
    if (told.kind === 'refused') throw new InputError(shortened(told.message), told.field);
    if (told.kind === 'failed') throw new Error(told.message);
    throw new InputError(wordsFor(told.kind === 'outOfMemory' ? 'outOfMemory' : told.how, seconds, memory));
  }

  private allowed(task: Task, bytes: number): ReadingLimits {
    const { seconds, memory } = this.limits;
    return {
      seconds: secondsFor(task, seconds, bytes),
      memory: memory * (1 + Math.floor(bytes / BYTES_PER_MEMORY)),
    };
  }

  private take(memory: number): Reader {
    for (const [reader, timer] of this.idle) {
      if (reader.memory !== memory || !reader.lives) continue;
      clearTimeout(timer);
      this.idle.delete(reader);
      return reader;
    }
    const reader = new Reader(memory);
    this.readers.add(reader);
    return reader;
  }

  private keep(reader: Reader): void {
    const timer = setTimeout(() => this.drop(reader), IDLE_MS);
    timer.unref();
    this.idle.set(reader, timer);
  }

  private drop(reader: Reader): void {
    clearTimeout(this.idle.get(reader));
    this.idle.delete(reader);
    this.readers.delete(reader);
    reader.end();
  }
}

function secondsFor(task: Task, seconds: number, bytes: number): number {
  if (task.file === null) return OWN_SECONDS;
  if (task.kind === 'images') {
    return Math.min(MOST_IMAGE_SECONDS, seconds * IMAGES_TIMES + bytes / IMAGE_BYTES_PER_SECOND);
  }
  const plans = task.kind === 'plans' ? task.plans.length * SECONDS_PER_PLAN : 0;
  return seconds + bytes / BYTES_PER_SECOND + plans;
}

/** A file has a say in it: names of nodes, of layers, of classes. */
const MOST_LETTERS = 2000;

function shortened(message: string): string {
  return message.length > MOST_LETTERS ? `${message.slice(0, MOST_LETTERS)} ...` : message;
}

const REMEDY = 'simplify it, or ask the operator of the platform to allow more';

function wordsFor(how: Ended, seconds: number, memory: number): string {
  if (how === 'tooSlow')
    return `reading this file takes more than ${seconds.toPrecision(2)} s: ${REMEDY} (ESPALIER_READING_SECONDS)`;
  if (how === 'outOfMemory') {
    const megabytes = Math.round(memory / 1e6).toLocaleString('en');
    return `reading this file takes more than ${megabytes} MB of memory: ${REMEDY} (ESPALIER_READING_MEMORY_MB)`;
  }
  return `the process that read this file was ended (${how.signal}): try again, or simplify the file`;
}
