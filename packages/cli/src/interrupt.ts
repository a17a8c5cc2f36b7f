/** The reason of an aborted signal: the person or the system asked us to stop. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly by: StopSignal;
  /** 128 and the signal's number, as shells have it. */
  readonly exitCode: number;

  constructor(signal: StopSignal) {
    super(`stopped by ${signal}`);
    this.by = signal;
    this.exitCode = EXIT_CODES[signal];
  }
}

type StopSignal = 'SIGINT' | 'SIGTERM';
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Aborts at the first SIGINT or SIGTERM; a second one ends the process at once.
 *
 * @param onFirst called when the first one arrives, to tell the person what happens
 */
export function interruptSignal(onFirst: () => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT_CODES[signal]);
      controller.abort(new Interrupted(signal));
      onFirst();
    });
  }
  return controller.signal;
}
