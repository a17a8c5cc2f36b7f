import { type Device, type Measurement, Prisma } from '@espalier/store';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { DeviceType } from '../devices/device-resolver.ts';
import { MeasurementListArgs } from '../devices/measurement-filter.ts';
import { MeasurementConnection, MeasurementType } from '../devices/measurement-resolver.ts';
import { ProfileListArgs } from '../devices/profile-filter.ts';
import { DeviceProfileConnection, DeviceProfileType } from '../devices/profile-resolver.ts';
import type { NarrowProfile } from '../devices/profile-source.ts';
import type { Context } from '../graphql/context.ts';
import { ModelListArgs } from '../models/model-filter.ts';
import { ModelConnection } from '../models/model-resolver.ts';
import { pageUnder } from './list-under.ts';
import { measurementsUnder, modelsUnder, profilesUnder } from './lists.ts';

@Resolver(() => DeviceType)
export class DeviceEdges {
  @FieldResolver(() => DeviceProfileConnection, { description: 'Its profiles, one for each network.' })
  profiles(
    @Root() device: Device,
    @Ctx() context: Context,
    @Args(() => ProfileListArgs) args: ProfileListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`p."deviceId" = ${id}`;
    return pageUnder(context, device, args, profilesUnder('Device.profiles', args, of));
  }

  @FieldResolver(() => MeasurementConnection, { description: 'Times of networks on it.' })
  measurements(
    @Root() device: Device,
    @Ctx() context: Context,
    @Args(() => MeasurementListArgs) args: MeasurementListArgs,
  ) {
    const of = (id: Prisma.Sql) => Prisma.sql`x."deviceId" = ${id}`;
    return pageUnder(context, device, args, measurementsUnder('Device.measurements', args, of));
  }
}

@Resolver(() => DeviceProfileType)
export class DeviceProfileEdges {
  @FieldResolver(() => ModelConnection, { description: 'Models with the network that it was measured with.' })
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

@Resolver(() => MeasurementType)
export class MeasurementEdges {
  @FieldResolver(() => ModelConnection, { description: 'Models with the network that was measured.' })
  models(
    @Root() measurement: Measurement,
    @Ctx() context: Context,
    @Args(() => ModelListArgs) args: ModelListArgs,
  ) {
    const of = (id: Prisma.Sql) =>
      Prisma.sql`i."networkHash" = (SELECT x."networkHash" FROM "Measurement" x WHERE x."id" = ${id})`;
    return pageUnder(context, measurement, args, modelsUnder('Measurement.models', args, of));
  }
}
