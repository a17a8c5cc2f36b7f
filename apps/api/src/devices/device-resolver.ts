import { GraphQLBigInt } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode } from '../nodes/nodes.ts';
import { DeviceListArgs } from './device-filter.ts';
import { listDevices } from './devices.ts';

@ObjectType('Device', {
  implements: NodeType,
  description: 'A machine of the team on which networks were measured.',
})
export class DeviceType extends NodeType {
  @Field(() => String, { description: 'One of its kind within the team.' })
  name!: string;

  @Field(() => String, { description: 'Its processor.' })
  cpu!: string;

  @Field(() => Int)
  cores!: number;

  @Field(() => GraphQLBigInt, { nullable: true, description: 'Null if no profile says it.' })
  memoryBytes!: bigint | null;

  @Field(() => String, { description: 'Operating system and architecture: `linux x64`.' })
  platform!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

const DeviceConnection = connectionType('Device', () => DeviceType);

@Resolver(() => DeviceType)
export class DeviceResolver {
  @Query(() => DeviceConnection, { description: "The team's devices." })
  devices(@Ctx() context: Context, @Args(() => DeviceListArgs) args: DeviceListArgs) {
    return listDevices(context, args);
  }

  @Query(() => DeviceType, { nullable: true, description: 'Null if there is no such object.' })
  device(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('device', context, id);
  }
}
