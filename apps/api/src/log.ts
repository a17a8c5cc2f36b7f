import { AsyncLocalStorage } from 'node:async_hooks';
import { InputError } from '@espalier/errors';
import type { RequestHandler } from 'express';
import { newToken } from './people/tokens.ts';

type Level = 'info' | 'warning' | 'error';

export interface Log {
  info(line: string): void;
  warn(line: string): void;
  /** What went wrong inside: with its stack, and with the request that caused it. */
  error(error: unknown): void;
}

const requests = new AsyncLocalStorage<string>();
const HEADER = 'X-Request-Id';

/** Gives each request a number, which its answer has and each line of the log about it. */
export const numberRequests: RequestHandler = (_request, response, next) => {
  const id = newToken().slice(0, 12);
  response.set(HEADER, id);
  requests.run(id, next);
};

/**
 * Lines with time, level and request: as JSON for programs, else for people.
 *
 * @param write takes a line without its end
 */
export function createLog(asJson: boolean, write: (line: string) => void): Log {
  const tell = (level: Level, message: string, stack?: string) => {
    const time = new Date().toISOString();
    const request = requests.getStore();
    if (asJson) return write(JSON.stringify({ time, level, request, message, stack }));
    write([time, level, ...(request ? [request] : []), stack ?? message].join(' '));
  };
  return {
    info: (line) => tell('info', line),
    warn: (line) => tell('warning', line),
    error(error) {
      const message = error instanceof Error ? error.message : String(error);
      // What a person can fix needs no stack.
      const isInside = error instanceof Error && !(error instanceof InputError);
      tell('error', message, isInside ? error.stack : undefined);
    },
  };
}
