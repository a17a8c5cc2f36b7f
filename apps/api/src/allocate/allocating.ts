import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InputError } from '@espalier/errors';
import { graphQLError } from '../errors.ts';
import { Places } from '../gate/places.ts';
import { type Ended, Reader } from '../reading/reader.ts';
import { READING_LIMITS } from '../reading/reading.ts';
import { type Answers, answers, type Task } from './task.ts';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));

/** Processes, each with what it keeps. */
const PROCESSES = 2;
/** Of one person: a slider asks again before it has its answer, nobody needs more. */
const AT_ONCE = 8;
/** Of the processor, for a task. */
const SECONDS = 30;
const BYTES_PER_SECOND = 32e6;
const BYTES_PER_MEMORY = 256e6;
/** How long one waits for the next task, with what it keeps. */
const IDLE_MS = 300_000;
/** Of the processor: an old process makes room for a new one. */
const RETIRED_SECONDS = 900;

interface Process {
  readonly name: string;
  reader: Reader | null;
  idle?: NodeJS.Timeout;
  /** Subjects that it may keep something of. */
  readonly keys: Set<string>;
  /** Tasks that are under way or wait. */
  line: number;
}

/**
 * Searches structures in separate processes, beside the API's event loop. What is asked of one sampling goes to the
 * process that has it in memory. Of a person one task is computed at a time.
 */
export class Allocating {
  private readonly memory: number;
  private readonly places = new Places();
  private readonly processes = Array.from({ length: PROCESSES }, (_, i): Process => {
    return { name: `process ${i}`, reader: null, keys: new Set(), line: 0 };
  });

  /** @param memory bytes of each process, for files of less than 256 MB */
  constructor(memory: number = READING_LIMITS.memory) {
    this.memory = memory;
  }

  /**
   * @param person whose turn it is
   * @param signal aborted when whoever asked has gone: then it leaves the line
   * @throws {InputError} for what cannot be searched, or takes more time or memory than it has
   */
  async ask<T extends Task>(person: string, task: T, signal?: AbortSignal): Promise<Answers[T['kind']]> {
    const place = this.places.take([[person, AT_ONCE]]);
    if (typeof place === 'string') {
      throw graphQLError(
        'TOO_MANY_REQUESTS',
        `at most ${AT_ONCE} searches per person can wait: try again when one is done`,
      );
    }
    try {
      const turn = await this.places.turn(`turn of ${person}`, 1, signal);
      try {
        signal?.throwIfAborted();
        return answers[task.kind].parse(await this.inProcess(task, signal)) as Answers[T['kind']];
      } finally {
        turn();
      }
    } finally {
      place();
    }
  }

  /** Ends every process. */
  close(): void {
    for (const process of this.processes) this.end(process);
  }

  private async inProcess(task: Task, signal?: AbortSignal): Promise<unknown> {
    const { key, file } = task.subject;
    const byLine = [...this.processes].sort((a, b) => a.line - b.line);
    const process = byLine.find(({ keys }) => keys.has(key)) ?? byLine[0];
    if (!process) throw new Error('there is no process');
    process.keys.add(key);
    process.line++;
    try {
      const leave = await this.places.turn(process.name, 1, signal);
      try {
        signal?.throwIfAborted();
        const { size } = await stat(file);
        return await this.perform(process, task, size);
      } finally {
        leave();
      }
    } finally {
      process.line--;
    }
  }

  private async perform(process: Process, task: Task, bytes: number): Promise<unknown> {
    const memory = this.memory * (1 + Math.floor(bytes / BYTES_PER_MEMORY));
    if (!process.reader?.lives || process.reader.memory < memory) {
      this.end(process);
      process.reader = new Reader(memory, CHILD);
      process.keys.add(task.subject.key);
    }
    clearTimeout(process.idle);
    const seconds = SECONDS + bytes / BYTES_PER_SECOND;
    const told = await process.reader.ask(task, seconds * 1000);
    const isFit = told.kind === 'refused' || (told.kind === 'answer' && told.cpuSeconds < RETIRED_SECONDS);
    if (isFit) process.idle = setTimeout(() => this.end(process), IDLE_MS).unref();
    else this.end(process);
    if (told.kind === 'answer') return told.answer;
    if (told.kind === 'refused') throw new InputError(told.message, told.field);
    if (told.kind === 'failed') throw new Error(told.message);
    throw new InputError(wordsFor(told.kind === 'outOfMemory' ? 'outOfMemory' : told.how, seconds, memory));
  }

  private end(process: Process): void {
    clearTimeout(process.idle);
    process.reader?.end();
    process.reader = null;
    process.keys.clear();
  }
}

function wordsFor(how: Ended, seconds: number, memory: number): string {
  if (how === 'tooSlow') {
    return `searching this takes more than ${Math.round(seconds)} s: name fewer allocations, or give widths in coarser multiples (align)`;
  }
  if (how === 'outOfMemory') {
    const megabytes = Math.round(memory / 1e6).toLocaleString('en');
    return `searching this takes more than ${megabytes} MB of memory: ask the operator of the platform to raise ESPALIER_READING_MEMORY_MB`;
  }
  return `the process that searched was ended (${how.signal}): try again`;
}
