import { InputError } from '@espalier/errors';
import { Prisma } from '@espalier/store';
import { GraphQLError } from 'graphql';

/** Everything that `extensions.code` of an error may say; docs/guide/queries.md tells of each. */
const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'TOO_MANY_REQUESTS',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** @param fields of the input, that it is about */
export function graphQLError(code: ErrorCode, message: string, fields?: readonly string[]): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...(fields ? { fields } : {}) } });
}

export const INSIDE = 'the platform failed at this: try again; if it fails again, its log says why';

/** The code that is told for one of a library's. */
export function shownCode(code: unknown): ErrorCode {
  return ERROR_CODES.find((known) => known === code) ?? 'BAD_REQUEST';
}

/** What went wrong inside is nobody's business outside: it goes to the log. */
export function shownError(error: unknown, onError: (error: unknown) => void): GraphQLError {
  if (
    error instanceof GraphQLError &&
    (!error.originalError || error.originalError instanceof GraphQLError) &&
    !isOfOurs(error)
  ) {
    return error;
  }
  onError(error);
  return graphQLError('INTERNAL_SERVER_ERROR', INSIDE);
}

/** A value of a field that does not fit its type: GraphQL names the value, and gives no code. */
function isOfOurs({ path, extensions }: GraphQLError): boolean {
  return path !== undefined && extensions.code === undefined;
}

/** What a program can use in an error of a mutation's payload. */
export const MUTATION_ERROR_CODES = ['INVALID', 'NOT_FOUND', 'TAKEN', 'LIMIT_REACHED', 'CONFLICT'] as const;
export type MutationErrorCode = (typeof MUTATION_ERROR_CODES)[number];

/** What a person can fix, told in the mutation's payload: which fields, and what about them. */
export class FieldError extends Error {
  override name = 'FieldError';
  readonly code: MutationErrorCode = 'INVALID';
  readonly fields: readonly string[];

  constructor(message: string, ...fields: string[]) {
    super(message);
    this.fields = fields;
  }
}

/** There is no such thing, or it is out of reach of whoever asks: the two are not told apart. */
export class NotFound extends FieldError {
  override readonly code = 'NOT_FOUND';
}

/** Whether a row was refused because another one has its name or address. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

/** A name or address that is given away. */
export class Taken extends FieldError {
  override readonly code = 'TAKEN';
}

/** No room, or as many as there may be. */
export class LimitReached extends FieldError {
  override readonly code = 'LIMIT_REACHED';
}

/** Something else has to change first. */
export class Conflict extends FieldError {
  override readonly code = 'CONFLICT';
}

/**
 * What is wrong with a plan is told by where it is in the mutation's input.
 *
 * @param paths of the plan's fields, as far as they are called otherwise: what is within a field follows it
 */
export function atInput<T>(paths: Readonly<Record<string, string>>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toldAt(paths, error);
  }
}

/** The error of {@link atInput}; another one as it is. */
export function toldAt(paths: Readonly<Record<string, string>>, error: unknown): unknown {
  if (!(error instanceof InputError) || error.field === undefined) return error;
  const fields = [error.field, ...error.others].map((field) => inputPath(paths, field));
  return new FieldError(error.message, ...new Set(fields));
}

function inputPath(paths: Readonly<Record<string, string>>, field: string): string {
  for (let at = field; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const path = paths[at];
    // What is given by its id has nothing within.
    if (path !== undefined) return path.endsWith('Id') ? path : path + field.slice(at.length);
  }
  return field;
}
