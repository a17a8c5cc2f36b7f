import { GraphQLError } from 'graphql';

/** Everything that `extensions.code` of an error may say. */
const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export function graphQLError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

/** What a person can put right, told in the mutation's payload: which field, and what about it. */
export class FieldError extends Error {
  override name = 'FieldError';
  readonly fields: readonly string[];

  constructor(message: string, ...fields: string[]) {
    super(message);
    this.fields = fields;
  }
}
