import type { Device } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { type DeviceListArgs, deviceSorting } from './device-filter.ts';
import { deviceSource } from './device-source.ts';
import { type ProfileListArgs, profileSorting } from './profile-filter.ts';
import { type NarrowProfile, profileSource } from './profile-source.ts';

export function listDevices(
  { viewer, database }: Context,
  args: DeviceListArgs,
): Promise<Connection<Device>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, deviceSource(self, args.filter ?? {}), deviceSorting(args.order));
}

export function listProfiles(
  { viewer, database }: Context,
  args: ProfileListArgs,
): Promise<Connection<NarrowProfile>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, profileSource(self, args.filter ?? {}), profileSorting(args.order));
}
