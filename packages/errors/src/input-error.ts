/**
 * What the person gave us cannot be used: the message says what was wrong, where, and what to do.
 * Commands print the message alone (one line, exit code 1); everything else is a fault of ours.
 */
export class InputError extends Error {
  override name = 'InputError';
  /**
   * What of the input is wrong, as a path in the plan or in a file: `recalibrate`, `limits.keep`. A command
   * translates it to its flag, the API to its input's path. Undefined where it is no single field.
   */
  readonly field: string | undefined;
  /** Further ones, where several are wrong together. */
  readonly others: readonly string[];

  constructor(message: string, field?: string, ...others: string[]) {
    super(message);
    this.field = field;
    this.others = others;
  }
}
