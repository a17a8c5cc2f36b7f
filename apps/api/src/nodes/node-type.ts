// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { Field, ID, InterfaceType } from 'type-graphql';
import { kindOf } from './kinds.ts';

@InterfaceType('Node', {
  description: 'A thing with an id.',
  resolveType: ({ id }: { id: string }) => kindOf(id)?.type,
})
export abstract class NodeType {
  @Field(() => ID)
  id!: string;
}
