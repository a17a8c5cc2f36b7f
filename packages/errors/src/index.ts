import { InputError } from './input-error.ts';

export { makeFolder, makeHome } from './folder.ts';
export { InputError } from './input-error.ts';

/** Settings that do not go together, whatever files and networks hold. A command calls that misuse: exit code 2. */
export class MisfitError extends InputError {
  override name = 'MisfitError';
}

/** What an error says in its first line; a trace behind it is for whoever debugs it. */
export function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? '';
}

/** What a zod schema answers, as far as it is needed here: this room depends on nothing. */
interface Schema<T> {
  safeParse(
    value: unknown,
    options?: { readonly reportInput?: boolean; readonly error?: (issue: RawIssue) => string | undefined },
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
}

/** What is wrong before there are words for it: which of these there are depends on the code. */
interface RawIssue {
  readonly code?: string;
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly options?: unknown;
  readonly values?: readonly unknown[];
}

const WANTED: Readonly<Record<string, string>> = {
  ...{ int: 'a whole number', number: 'a number', string: 'a text', boolean: 'true or false' },
  ...{ array: 'a list', object: 'an object' },
};

/** Words for people where a schema has none of its own; undefined for what is rare. */
function inWords(issue: RawIssue): string | undefined {
  const { code, origin, minimum = 0, maximum = 0, inclusive, expected = '', keys = [], options } = issue;
  const isNumber = origin === 'number' || origin === 'int';
  if (code === 'too_small') {
    if (isNumber) return `give a number ${inclusive ? 'from' : 'above'} ${minimum}`;
    return origin === 'string' ? 'give a text that is not empty' : `give at least ${minimum}`;
  }
  if (code === 'too_big') {
    const most = maximum.toLocaleString('en');
    return isNumber ? `give a number ${inclusive ? 'up to' : 'below'} ${most}` : `give at most ${most}`;
  }
  if (code === 'invalid_type') return WANTED[expected] && `give ${WANTED[expected]}`;
  if (code === 'unrecognized_keys') return `there is no ${keys.map((key) => `"${key}"`).join(', ')}`;
  const choices = Array.isArray(options) ? options : (issue.values ?? []);
  return choices.length > 0 ? `give ${choices.join(' or ')}` : undefined;
}

const MOST_PROBLEMS = 5;
const MOST_LETTERS = 200;

/** What a person or a file says may be anything. */
function inOneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS)}...` : line;
}

/**
 * A value as its schema wants it, defaults filled in.
 *
 * @param where what the message begins with: a file, or a field of something larger
 * @param field the path of the value itself, in front of the paths within it
 * @throws {InputError} in one line: the first things that are wrong; it names the first field of them
 */
export function readBy<T>(schema: Schema<T>, value: unknown, where = '', field = ''): T {
  const parsed = schema.safeParse(value, { reportInput: true, error: inWords });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const problems = issues.slice(0, MOST_PROBLEMS).map(({ path, message, input }) => {
    const at = inOneLine(path.join('.'));
    const given = typeof input === 'string' ? `, not "${inOneLine(input)}"` : `, not ${input}`;
    const told = ['number', 'string', 'boolean'].includes(typeof input) && !message.includes('received');
    return `${at ? `${at}: ` : ''}${inOneLine(message)}${told ? given : ''}`;
  });
  if (issues.length > MOST_PROBLEMS) problems.push(`and ${issues.length - MOST_PROBLEMS} more`);
  const first = [field, issues[0]?.path.join('.') ?? ''].filter(Boolean).join('.');
  throw new InputError(`${where ? `${where}: ` : ''}${problems.join('; ')}`, first || undefined);
}
