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

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** Settings that do not go together, whatever files and networks hold. A command calls that misuse: exit code 2. */
export class MisfitError extends InputError {
  override name = 'MisfitError';
}

/** What a zod schema answers, as far as it is needed here: this room depends on nothing. */
interface Schema<T> {
  safeParse(
    value: unknown,
    options?: { readonly reportInput?: boolean },
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
}

/**
 * A value as its schema wants it, defaults filled in.
 *
 * @param where what the message begins with: a file, or a field of something larger
 * @param field the path of the value itself, in front of the paths within it
 * @throws {InputError} that tells everything that is wrong, and names the first field of it
 */
export function readBy<T>(schema: Schema<T>, value: unknown, where = '', field = ''): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const problems = issues.map(({ path, message, input }) => {
    const at = path.join('.');
    const given = ['number', 'string', 'boolean'].includes(typeof input) ? `, not ${input}` : '';
    return `${at ? `${at}: ` : ''}${message}${message.includes('received') ? '' : given}`;
  });
  const first = [field, issues[0]?.path.join('.') ?? ''].filter(Boolean).join('.');
  throw new InputError(`${where ? `${where}: ` : ''}${problems.join('; ')}`, first || undefined);
}
