// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { InputError } from '@espalier/errors';
import { Prisma } from '@espalier/store';
import { type ClassType, Field, Mutation, ObjectType } from 'type-graphql';
import { FieldError } from '../errors.ts';

@ObjectType('MutationError', { description: 'What to put right.' })
class MutationError {
  @Field(() => String)
  message!: string;

  @Field(() => [String], { description: 'The arguments that it is about.' })
  fields!: readonly string[];
}

export interface Payload<T> {
  readonly ok: boolean;
  readonly error: MutationError | null;
  readonly value: T | null;
}

/** `XPayload { ok, error { message, fields }, <name> }`. */
function payloadType<T extends object>(mutation: string, name: string, type: () => ClassType<T>) {
  @ObjectType(`${mutation}Payload`, { description: `The result of ${mutation}.` })
  class PayloadType {
    @Field(() => Boolean)
    ok!: boolean;

    @Field(() => MutationError, { nullable: true, description: 'Null where `ok`.' })
    error!: MutationError | null;

    @Field(() => type(), { name, nullable: true, description: 'Null where not `ok`.' })
    value!: T | null;
  }
  return PayloadType;
}

/**
 * A mutation with a payload of its own: `createModel` answers with CreateModelPayload, what its method returns under
 * `name`.
 */
export function Change<T extends object>(name: string, type: () => ClassType<T>, description: string) {
  return (target: object, method: string, descriptor: PropertyDescriptor): void => {
    const change = descriptor.value;
    descriptor.value = function (this: unknown, ...given: unknown[]) {
      return outcome(async () => change.apply(this, given));
    };
    const Payload = payloadType(`${method.charAt(0).toUpperCase()}${method.slice(1)}`, name, type);
    Mutation(() => Payload, { description })(target, method, descriptor);
  };
}

/** Carries a mutation out; what a person can put right becomes its payload's error. */
export async function outcome<T>(work: () => Promise<T>): Promise<Payload<T>> {
  try {
    return { ok: true, error: null, value: await work() };
  } catch (error) {
    if (error instanceof FieldError) return failed(error.message, error.fields);
    if (error instanceof InputError) {
      return failed(error.message, error.field === undefined ? [] : [error.field, ...error.others]);
    }
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      return failed('there is one of this name already', ['name']);
    }
    throw error;
  }
}

function failed(message: string, fields: readonly string[]): Payload<never> {
  return { ok: false, error: { message, fields }, value: null };
}
