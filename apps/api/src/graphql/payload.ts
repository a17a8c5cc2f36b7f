// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { InputError } from '@espalier/errors';
import { type ClassType, Field, InterfaceType, Mutation, ObjectType } from 'type-graphql';
import { FieldError, isTaken, MUTATION_ERROR_CODES, type MutationErrorCode } from '../errors.ts';
import { enumType } from './enums.ts';

const MutationErrorCodeEnum = enumType(
  'MutationErrorCode',
  MUTATION_ERROR_CODES,
  'A code for programs; the message is for people.',
  {
    INVALID: 'The input is not valid: change it.',
    NOT_FOUND: 'There is no such object, or you may not see it.',
    TAKEN: 'The name or address is in use already.',
    LIMIT_REACHED: 'A limit is reached: make room, or wait.',
    CONFLICT: 'Not possible in the current state: change that first.',
  },
);

@ObjectType('MutationError', { description: 'An error to correct.' })
class MutationError {
  @Field(() => MutationErrorCodeEnum)
  code!: MutationErrorCode;

  @Field(() => [String], {
    description:
      'The place in the input: names of fields and indices of lists; empty if it is about all of it.',
  })
  path!: readonly string[];

  @Field(() => String)
  message!: string;
}

@InterfaceType('MutationPayload', { description: 'The answer of every mutation.' })
abstract class MutationPayload {
  @Field(() => Boolean, { description: 'Whether it was carried out. A mutation does everything or nothing.' })
  ok!: boolean;

  @Field(() => [MutationError], { description: 'One for each field that it is about; empty where `ok`.' })
  errors!: readonly MutationError[];

  @Field(() => String, { nullable: true, description: 'As given.' })
  clientMutationId?: string | null;
}

/** What a mutation answers; beside it stands what was made, under its name. */
export type Payload = Pick<MutationPayload, 'ok' | 'errors'> & Readonly<Record<string, unknown>>;

type Things = Readonly<Record<string, () => object>>;

/** `XPayload { ok, errors { code, path, message }, clientMutationId, <things> }`. */
function payloadType(mutation: string, things: Things): ClassType {
  @ObjectType(`${mutation}Payload`, {
    implements: MutationPayload,
    description: `The result of ${mutation}.`,
  })
  class PayloadType extends MutationPayload {}
  for (const [name, type] of Object.entries(things)) {
    Field(type, { nullable: true, description: 'Null if not `ok`.' })(PayloadType.prototype, name);
  }
  return PayloadType;
}

/**
 * A mutation with a separate payload: `createModel` answers with CreateModelPayload, what its method returns under
 * the name of the one thing; of several, what its method returns has each under its name.
 */
export function Change(things: Things, description: string) {
  return (target: object, method: string, descriptor: PropertyDescriptor): void => {
    const change = descriptor.value;
    const [only, ...others] = Object.keys(things);
    descriptor.value = function (this: unknown, ...given: unknown[]) {
      return outcome(async () => {
        const made: object = await change.apply(this, given);
        return only !== undefined && others.length === 0 ? { [only]: made } : { ...made };
      });
    };
    const Payload = payloadType(`${method.charAt(0).toUpperCase()}${method.slice(1)}`, things);
    Mutation(() => Payload, { description })(target, method, descriptor);
  };
}

/** Carries a mutation out; what a person can fix becomes its payload's errors. */
export async function outcome(work: () => Promise<object>): Promise<Payload> {
  try {
    return { ok: true, errors: [], ...(await work()) };
  } catch (error) {
    return { ok: false, errors: told(error) };
  }
}

/** @throws what is no person's to put right */
function told(error: unknown): MutationError[] {
  if (error instanceof FieldError) return errorsOf(error.code, error.message, error.fields);
  if (error instanceof InputError) {
    const fields = error.field === undefined ? [] : [error.field, ...error.others];
    return errorsOf('INVALID', error.message, fields);
  }
  if (isTaken(error)) {
    return errorsOf('TAKEN', 'this name is taken: choose another one, or rename what has it', ['name']);
  }
  throw error;
}

/** One for each field. */
function errorsOf(code: MutationErrorCode, message: string, fields: readonly string[]): MutationError[] {
  if (fields.length === 0) return [{ code, message, path: [] }];
  return fields.map((field) => ({ code, message, path: field.split('.') }));
}
