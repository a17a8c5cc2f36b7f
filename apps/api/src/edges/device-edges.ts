import { type Device, Prisma } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { DeviceType } from '../devices/device-resolver.ts';
import { ProfileListArgs } from '../devices/profile-filter.ts';
import { DeviceProfileConnection, DeviceProfileType } from '../devices/profile-resolver.ts';
import type { NarrowProfile } from '../devices/profile-source.ts';
import type { Context } from '../graphql/context.ts';
import { ModelListArgs } from '../models/model-filter.ts';
import { ModelConnection } from '../models/model-resolver.ts';
import { pageUnder } from './list-under.ts';
import { modelsUnder, profilesUnder } from './lists.ts';

@Resolver(() => DeviceType)
export class DeviceEdges {
  @FieldResolver(() => DeviceProfileConnection, { description: 'What it takes, a network each.' })
  profiles(
    @Root() device: Device,
    @Ctx() context: Context,
    @Args(() => ProfileListArgs) args: ProfileListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`p."deviceId" = ${id}`;
    return pageUnder(context, device, args, profilesUnder('Device.profiles', args, of));
  }
}

@Resolver(() => DeviceProfileType)
export class DeviceProfileEdges {
  @FieldResolver(() => ModelConnection, { description: 'That have the network that it was measured with.' })
  models(
    @Root() profile: NarrowProfile,
    @Ctx() context: Context,
    @Args(() => ModelListArgs) args: ModelListArgs,
  ) {
    const of = (id: Prisma.Sql) =>
      Prisma.sql`i."networkHash" = (SELECT p."networkHash" FROM "DeviceProfile" p WHERE p."id" = ${id})`;
    return pageUnder(context, profile, args, modelsUnder('DeviceProfile.models', args, of));
  }
}
