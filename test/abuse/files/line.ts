const MOST_LETTERS = 2000;

/** What is wrong with a message for a person, which is one line that can be read; null: nothing. */
export function lineProblem(message: string): string | null {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(message)) return 'more than a line';
  if (message.length > MOST_LETTERS) return `${message.length} characters`;
  if (/undefined|\[object/.test(message)) return 'words of a programming language';
  // A fault that is called bad input is a fault.
  return /takes too much to read \((?!Array buffer|Maximum call)/.test(message)
    ? 'an error of another kind'
    : null;
}
