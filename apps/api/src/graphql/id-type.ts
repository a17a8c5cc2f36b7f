// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { Field, ID, ObjectType } from 'type-graphql';

/** Of what is gone: its id is all that is left to tell. */
export function idType(name: string, description: string) {
  @ObjectType(name, { description })
  class IdType {
    @Field(() => ID)
    id!: string;
  }
  return IdType;
}
