/**
 * What the person gave us cannot be used: the message says what was wrong, where, and what to do.
 * Commands print the message alone (one line, exit code 1); everything else is a fault of ours.
 */
export class InputError extends Error {
  override name = 'InputError';
}
